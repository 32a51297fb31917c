//! What `env.py` says of the version table and of printed SQL, as far as it stands there.
//!
//! The options are those of `context.configure()`:
//! <https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.environment.EnvironmentContext.configure>

use super::Notice;
use super::convention::{self, Convention};
use super::modules::{Found, Module, Modules, dotted};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;
use std::rc::Rc;

/// What an `env.py` says.
#[derive(Debug, Default)]
pub struct Environment {
    pub version_table: Option<String>,
    pub version_table_schema: Option<String>,
    /// As its offline mode has it.
    pub transaction_per_migration: Option<bool>,
    pub convention: Convention,
    pub notices: Vec<Notice>,
}

/// Reads `env.py` in `folder`.
pub fn read(modules: &Modules<'_>, path: &str) -> Environment {
    let mut environment = Environment::default();
    let Some(module) = modules.open(path) else {
        let message = "it is missing, or Python could not read it: the version table is taken to be alembic_version".to_owned();
        environment.convention = Convention::Unknown(format!("{path} cannot be read"));
        environment.notices.push(Notice {
            path: path.to_owned(),
            line: 1,
            message,
        });
        return environment;
    };
    let mut calls = Calls::default();
    for statement in &module.body {
        calls.visit_stmt(statement);
    }
    let mut reader = Reader {
        modules,
        module: &module,
        environment,
    };
    reader.read(&calls.found);
    reader.environment
}

/// The calls of `context.configure`, each with the functions that it stands in, from the outside.
#[derive(Default)]
struct Calls<'a> {
    around: Vec<&'a [Stmt]>,
    found: Vec<(Vec<&'a [Stmt]>, &'a ExprCall)>,
}

impl<'a> Visitor<'a> for Calls<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::FunctionDef(function) = statement {
            self.around.push(&function.body);
            walk_stmt(self, statement);
            self.around.pop();
        } else {
            walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression
            && let Some(name) = dotted(&call.func)
            && matches!(
                name.as_slice(),
                ["context", "configure"] | ["alembic", "context", "configure"]
            )
        {
            self.found.push((self.around.clone(), call));
        }
        walk_expr(self, expression);
    }
}

/// A value that an option may have.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Constant {
    None,
    Bool(bool),
    Text(String),
}

struct Reader<'r, 'f> {
    modules: &'r Modules<'f>,
    module: &'r Rc<Module>,
    environment: Environment,
}

type Call<'a> = (Vec<&'a [Stmt]>, &'a ExprCall);

impl Reader<'_, '_> {
    fn read(&mut self, calls: &[Call<'_>]) {
        if calls.is_empty() {
            let message =
                "no context.configure(…) is seen in it, so that its options are not known";
            self.notice(1, message.to_owned());
        }
        // Printed SQL comes from the call without a connection.
        let offline = |call: &&Call<'_>| call.1.arguments.find_keyword("connection").is_none();
        let printing: Vec<&Call<'_>> = match calls.iter().filter(offline).collect::<Vec<_>>() {
            some if !some.is_empty() => some,
            _ => calls.iter().collect(),
        };
        let all: Vec<&Call<'_>> = calls.iter().collect();
        self.environment.version_table = self.text(&all, "version_table");
        self.environment.version_table_schema = self.text(&all, "version_table_schema");
        self.environment.transaction_per_migration =
            match self.option(&printing, "transaction_per_migration") {
                Some(Constant::Bool(on)) => Some(on),
                _ => None,
            };
        self.more(&all);
        self.environment.convention = self.convention(&all);
    }

    fn text(&mut self, calls: &[&Call<'_>], option: &str) -> Option<String> {
        match self.option(calls, option) {
            Some(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// An option's value, where every call that has it says the same.
    fn option(&mut self, calls: &[&Call<'_>], option: &str) -> Option<Constant> {
        let mut known: Option<Constant> = None;
        for (around, call) in calls {
            let Some(keyword) = call.arguments.find_keyword(option) else {
                continue;
            };
            let line = self.module.line(keyword.range);
            match self.constant(around, &keyword.value) {
                Ok(value) => match &known {
                    Some(other) if *other != value => {
                        self.notice(line, format!("{option} is not the same in every context.configure(…): write it in cofferdam.toml"));
                        return None;
                    }
                    _ => known = Some(value),
                },
                Err(why) => {
                    self.notice(line, format!("{option} cannot be known without running it ({why}): write it in cofferdam.toml"));
                    return None;
                }
            }
        }
        known
    }

    /// Tells of options that are not written out.
    fn more(&mut self, calls: &[&Call<'_>]) {
        for (_, call) in calls {
            for keyword in call.arguments.keywords.iter().filter(|k| k.arg.is_none()) {
                let line = self.module.line(keyword.range);
                let message = "it takes further options that cannot be known without running it; if they name a version_table, write it in cofferdam.toml";
                self.notice(line, message.to_owned());
            }
        }
    }

    fn constant(&self, around: &[&[Stmt]], value: &Expr) -> Result<Constant, String> {
        match value {
            Expr::NoneLiteral(_) => Ok(Constant::None),
            Expr::BooleanLiteral(value) => Ok(Constant::Bool(value.value)),
            Expr::StringLiteral(text) => Ok(Constant::Text(text.value.to_str().to_owned())),
            Expr::Name(_) | Expr::Attribute(_) => {
                let name = dotted(value).ok_or_else(|| "it is computed".to_owned())?;
                if let [name] = name.as_slice()
                    && let Some(local) = around.iter().rev().find_map(|body| local(body, name))
                {
                    return self.constant(&[], local);
                }
                match self.modules.resolve(self.module, &name) {
                    (Found::Value(_, value), rest) if rest.is_empty() => match value {
                        Expr::Name(_) | Expr::Attribute(_) => Err("it is computed".into()),
                        value => self.constant(&[], &value),
                    },
                    (Found::Library(name), _) => Err(format!("it comes from {name}")),
                    (Found::Hidden(why), _) => Err(why),
                    _ => Err("it is computed".into()),
                }
            }
            _ => Err("it is computed".into()),
        }
    }

    fn convention(&self, calls: &[&Call<'_>]) -> Convention {
        let mut known: Option<Convention> = None;
        for (around, call) in calls {
            let Some(keyword) = call.arguments.find_keyword("target_metadata") else {
                continue;
            };
            let value = match &keyword.value {
                Expr::Name(name) => around
                    .iter()
                    .rev()
                    .find_map(|body| local(body, name.id.as_str()))
                    .unwrap_or(&keyword.value),
                value => value,
            };
            let found = convention::of_metadata(self.modules, self.module, value);
            match &known {
                Some(other) if *other != found => {
                    let place = self.module.place(keyword.range());
                    return Convention::Unknown(format!(
                        "{place}: target_metadata is not the same in every context.configure(…)"
                    ));
                }
                _ => known = Some(found),
            }
        }
        known.unwrap_or_default()
    }

    fn notice(&mut self, line: u32, message: String) {
        self.environment.notices.push(Notice {
            path: self.module.path.clone(),
            line,
            message,
        });
    }
}

/// What a function assigns to a name, where it does so once.
fn local<'a>(body: &'a [Stmt], name: &str) -> Option<&'a Expr> {
    let mut values = super::modules::flat(body).into_iter().filter_map(|statement| match statement {
        Stmt::Assign(assign) => {
            let named = |target: &Expr| matches!(target, Expr::Name(target) if target.id.as_str() == name);
            assign.targets.iter().any(named).then_some(&*assign.value)
        }
        _ => None,
    });
    let first = values.next();
    first.filter(|_| values.next().is_none())
}
