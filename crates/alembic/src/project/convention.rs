//! The naming convention of `target_metadata`, followed from `env.py` to where it is written.
//!
//! <https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions>

use super::modules::{Found, Module, Modules, dotted, flat};
use ruff_python_ast::{Expr, ExprCall, Stmt, StmtClassDef};
use ruff_text_size::Ranged;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What names a convention gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Convention {
    /// Kind of constraint to template; empty where there is none.
    Known(BTreeMap<String, String>),
    /// What hides it, as a sentence without a full stop.
    Unknown(String),
}

impl Default for Convention {
    fn default() -> Self {
        Convention::Known(BTreeMap::new())
    }
}

/// How many names and base classes are followed.
const HOPS: usize = 16;

/// How many modules are looked through for `SQLModel.metadata`.
const MODULES: usize = 500;

/// The kinds of constraint that a template may be for.
const KINDS: [&str; 5] = ["ix", "uq", "ck", "fk", "pk"];

/// The convention of what `value` in `module` is: a MetaData, a list of them, or None.
pub fn of_metadata(modules: &Modules<'_>, module: &Rc<Module>, value: &Expr) -> Convention {
    Finder {
        modules,
        environment: module,
    }
    .metadata(module, value, HOPS)
}

struct Finder<'m, 'f> {
    modules: &'m Modules<'f>,
    environment: &'m Rc<Module>,
}

fn unknown(module: &Module, at: &impl Ranged, what: &str) -> Convention {
    Convention::Unknown(format!("{}: {what}", module.place(at.range())))
}

impl Finder<'_, '_> {
    fn metadata(&self, module: &Rc<Module>, value: &Expr, hops: usize) -> Convention {
        if hops == 0 {
            return unknown(module, value, "target_metadata goes through too many names");
        }
        match value {
            Expr::NoneLiteral(_) => Convention::default(),
            Expr::List(list) => self.all(module, &list.elts, hops),
            Expr::Tuple(list) => self.all(module, &list.elts, hops),
            Expr::Call(call) => self.made(module, call, hops),
            _ => match dotted(value) {
                Some(name) => self.named(module, value, &name, hops),
                None => unknown(module, value, "target_metadata is computed"),
            },
        }
    }

    /// Several MetaData are known where they have one convention.
    fn all(&self, module: &Rc<Module>, values: &[Expr], hops: usize) -> Convention {
        let mut known: Option<Convention> = None;
        for value in values {
            let found = self.metadata(module, value, hops - 1);
            match &known {
                Some(other) if *other != found => {
                    return unknown(
                        module,
                        value,
                        "there are several MetaData with different naming conventions",
                    );
                }
                _ => known = Some(found),
            }
        }
        known.unwrap_or_default()
    }

    fn named(&self, module: &Rc<Module>, at: &Expr, name: &[&str], hops: usize) -> Convention {
        let (found, rest) = self.modules.resolve(module, name);
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        if let Some(set) = self.assigned(module, name, &found, hops) {
            return set;
        }
        match (&found, rest.as_slice()) {
            (Found::Value(module, value), []) => self.metadata(module, value, hops - 1),
            (Found::Value(module, value), ["metadata"]) => self.owner(module, value, hops - 1),
            (Found::Class(module, class), ["metadata"]) => self.class(module, class, hops - 1),
            (Found::Library(name), []) if name.starts_with("sqlmodel.") => self.sqlmodel(),
            (Found::Library(name), _) => unknown(
                module,
                at,
                &format!("target_metadata comes from {name}, which is not in the project"),
            ),
            (Found::Hidden(why), _) => Convention::Unknown(why.clone()),
            _ => unknown(module, at, "target_metadata is computed"),
        }
    }

    /// The convention that `….naming_convention = …` sets, in `env.py` or where the name is made.
    fn assigned(
        &self,
        module: &Rc<Module>,
        name: &[&str],
        found: &Found,
        hops: usize,
    ) -> Option<Convention> {
        let home = match found {
            Found::Value(home, _) | Found::Class(home, _) => Some(home),
            _ => None,
        };
        let mut places = vec![module];
        places.extend(home);
        // Where it is made, it may have another name.
        let last = &name[name.len().saturating_sub(2)..];
        places.into_iter().find_map(|place| {
            flat(&place.body).into_iter().find_map(|statement| {
                let Stmt::Assign(assign) = statement else {
                    return None;
                };
                let target = assign.targets.iter().find_map(dotted)?;
                let (attribute, owner) = target.split_last()?;
                let same = *attribute == "naming_convention" && owner.ends_with(last);
                same.then(|| self.templates(place, &assign.value, hops))
            })
        })
    }

    /// The convention of a MetaData that is made here.
    fn made(&self, module: &Rc<Module>, call: &ExprCall, hops: usize) -> Convention {
        let name = dotted(&call.func).and_then(|name| name.last().copied());
        if name != Some("MetaData") {
            return unknown(module, call, "target_metadata is what a function gives");
        }
        self.argument(module, call, "naming_convention", |value| {
            self.templates(module, value, hops)
        })
    }

    /// What an argument says; an argument that is not there says that there is no convention.
    fn argument(
        &self,
        module: &Rc<Module>,
        call: &ExprCall,
        name: &str,
        read: impl FnOnce(&Expr) -> Convention,
    ) -> Convention {
        match call.arguments.find_keyword(name) {
            Some(keyword) => read(&keyword.value),
            None if call.arguments.keywords.iter().any(|k| k.arg.is_none()) => {
                unknown(module, call, "its arguments are computed")
            }
            None => Convention::default(),
        }
    }

    /// The convention of the `metadata` of what an expression makes: a declarative base, a registry, Flask-SQLAlchemy's `db`.
    fn owner(&self, module: &Rc<Module>, value: &Expr, hops: usize) -> Convention {
        if hops == 0 {
            return unknown(module, value, "target_metadata goes through too many names");
        }
        let Expr::Call(call) = value else {
            return unknown(module, value, "target_metadata is computed");
        };
        let name = dotted(&call.func).unwrap_or_default();
        match name.as_slice() {
            [.., "declarative_base" | "registry"] => {
                self.argument(module, call, "metadata", |value| {
                    self.metadata(module, value, hops - 1)
                })
            }
            [.., "SQLAlchemy"] => match call.arguments.find_keyword("model_class") {
                Some(class) => match dotted(&class.value) {
                    Some(mut name) => {
                        name.push("metadata");
                        self.named(module, &class.value, &name, hops - 1)
                    }
                    None => unknown(module, class, "model_class is computed"),
                },
                None => self.argument(module, call, "metadata", |value| {
                    self.metadata(module, value, hops - 1)
                }),
            },
            [registry @ .., "generate_base"] if !registry.is_empty() => {
                let mut name = registry.to_vec();
                name.push("metadata");
                self.named(module, value, &name, hops - 1)
            }
            _ => unknown(module, value, "target_metadata is what a function gives"),
        }
    }

    /// The convention of a declarative class: its own `metadata`, else that of the classes that it comes from.
    fn class(&self, module: &Rc<Module>, class: &StmtClassDef, hops: usize) -> Convention {
        if hops == 0 {
            return unknown(module, class, "target_metadata goes through too many names");
        }
        let own = class.body.iter().find_map(|statement| match statement {
            Stmt::Assign(assign) => {
                let named = |target: &Expr| dotted(target).as_deref() == Some(&["metadata"]);
                assign.targets.iter().any(named).then_some(&assign.value)
            }
            Stmt::AnnAssign(assign) if dotted(&assign.target).as_deref() == Some(&["metadata"]) => {
                assign.value.as_ref()
            }
            _ => None,
        });
        if let Some(value) = own {
            return self.metadata(module, value, hops - 1);
        }
        for decorator in &class.decorator_list {
            if let Expr::Call(call) = &decorator.expression
                && dotted(&call.func).and_then(|name| name.last().copied())
                    == Some("as_declarative")
            {
                return self.argument(module, call, "metadata", |value| {
                    self.metadata(module, value, hops - 1)
                });
            }
        }
        let bases = class.arguments.iter().flat_map(|arguments| &arguments.args);
        let mut hidden = None;
        for base in bases {
            let base = match base {
                Expr::Subscript(generic) => &*generic.value,
                base => base,
            };
            let found = match dotted(base) {
                Some(name) => self.base(module, base, &name, hops - 1),
                None => unknown(module, base, "a base class is computed"),
            };
            match found {
                Convention::Known(known) if known.is_empty() => {}
                Convention::Unknown(why) => hidden = hidden.or(Some(why)),
                known => return known,
            }
        }
        hidden.map_or_else(Convention::default, Convention::Unknown)
    }

    fn base(&self, module: &Rc<Module>, at: &Expr, name: &[&str], hops: usize) -> Convention {
        let (found, rest) = self.modules.resolve(module, name);
        match (found, rest.is_empty()) {
            (Found::Class(module, class), true) => self.class(&module, &class, hops),
            (Found::Value(module, value), true) => self.owner(&module, &value, hops),
            (Found::Library(name), true) if name == "sqlmodel.SQLModel" => self.sqlmodel(),
            // SQLAlchemy's own classes have no convention.
            (Found::Library(name), true)
                if name.starts_with("sqlalchemy.")
                    || name.starts_with("typing.")
                    || name.starts_with("abc.") =>
            {
                Convention::default()
            }
            (Found::Library(name), _) => unknown(
                module,
                at,
                &format!("target_metadata comes from {name}, which is not in the project"),
            ),
            (Found::Hidden(_), true) if name == ["object"] => Convention::default(),
            (Found::Hidden(why), _) => Convention::Unknown(why),
            _ => unknown(module, at, "a base class is computed"),
        }
    }

    /// The convention of `SQLModel.metadata`, which any module that `env.py` imports may set.
    fn sqlmodel(&self) -> Convention {
        let mut seen = BTreeSet::new();
        let mut open = vec![Rc::clone(self.environment)];
        while let Some(module) = open.pop() {
            if seen.len() >= MODULES || !seen.insert(module.path.clone()) {
                continue;
            }
            for statement in flat(&module.body) {
                let Stmt::Assign(assign) = statement else {
                    continue;
                };
                match assign.targets.iter().find_map(dotted).as_deref() {
                    Some([.., "SQLModel", "metadata", "naming_convention"]) => {
                        return self.templates(&module, &assign.value, HOPS);
                    }
                    Some([.., "SQLModel", "metadata"]) => {
                        return self.metadata(&module, &assign.value, HOPS);
                    }
                    _ => {}
                }
            }
            open.extend(self.modules.imports(&module));
        }
        Convention::default()
    }

    /// The templates that a dictionary holds.
    fn templates(&self, module: &Rc<Module>, value: &Expr, hops: usize) -> Convention {
        if hops == 0 {
            return unknown(
                module,
                value,
                "the naming convention goes through too many names",
            );
        }
        let mut templates = BTreeMap::new();
        match value {
            Expr::NoneLiteral(_) => {}
            Expr::Dict(dict) => {
                for item in &dict.items {
                    let entry = match (&item.key, &item.value) {
                        (Some(Expr::StringLiteral(kind)), Expr::StringLiteral(template)) => {
                            Some((kind.value.to_str(), template.value.to_str()))
                        }
                        _ => None,
                    };
                    match entry.filter(|(kind, _)| KINDS.contains(kind)) {
                        Some((kind, template)) => {
                            templates.insert(kind.to_owned(), template.to_owned());
                        }
                        None => {
                            return unknown(
                                module,
                                &item.value,
                                "the naming convention is not all plain text",
                            );
                        }
                    }
                }
            }
            Expr::Call(call)
                if dotted(&call.func).as_deref() == Some(&["dict"])
                    && call.arguments.args.is_empty() =>
            {
                for keyword in &call.arguments.keywords {
                    match (&keyword.arg, &keyword.value) {
                        (Some(kind), Expr::StringLiteral(template))
                            if KINDS.contains(&kind.as_str()) =>
                        {
                            templates.insert(kind.to_string(), template.value.to_str().to_owned());
                        }
                        _ => {
                            return unknown(
                                module,
                                keyword,
                                "the naming convention is not all plain text",
                            );
                        }
                    }
                }
            }
            _ => {
                let Some(name) = dotted(value) else {
                    return unknown(module, value, "the naming convention is computed");
                };
                return match self.modules.resolve(module, &name) {
                    (Found::Value(module, value), rest) if rest.is_empty() => {
                        self.templates(&module, &value, hops - 1)
                    }
                    (Found::Library(name), _) => unknown(
                        module,
                        value,
                        &format!(
                            "the naming convention comes from {name}, which is not in the project"
                        ),
                    ),
                    (Found::Hidden(why), _) => Convention::Unknown(why),
                    _ => unknown(module, value, "the naming convention is computed"),
                };
            }
        }
        Convention::Known(templates)
    }
}
