//! The Python modules of a project, and what their names are bound to, as far as that stands there.

use crate::files::Files;
use crate::read::guard;
use cofferdam_engine::finding::line_column;
use ruff_python_ast::{Expr, Stmt, StmtClassDef, StmtImportFrom};
use ruff_text_size::{Ranged, TextRange};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many imports a name is followed through.
const HOPS: usize = 16;

/// One file.
#[derive(Debug)]
pub struct Module {
    /// Relative to the project folder.
    pub path: String,
    text: String,
    pub body: Vec<Stmt>,
}

impl Module {
    /// `migrations/env.py, line 3`.
    pub fn place(&self, range: TextRange) -> String {
        format!("{}, line {}", self.path, self.line(range))
    }

    pub fn line(&self, range: TextRange) -> u32 {
        line_column(&self.text, range.start().to_usize()).0
    }
}

/// What a name is bound to.
#[derive(Clone, Debug)]
pub enum Found {
    Value(Rc<Module>, Expr),
    Class(Rc<Module>, Box<StmtClassDef>),
    /// A module or package of the project, by its path without an ending.
    Module(String),
    /// Something that is not the project's, by its full dotted name.
    Library(String),
    /// What hides it, as a sentence without a full stop.
    Hidden(String),
}

/// The modules of a project, read when they are needed.
pub struct Modules<'f> {
    files: &'f dyn Files,
    /// The folders in which imports are looked up.
    roots: Vec<String>,
    read: RefCell<BTreeMap<String, Option<Rc<Module>>>>,
}

impl<'f> Modules<'f> {
    pub fn new(files: &'f dyn Files, roots: Vec<String>) -> Self {
        Modules {
            files,
            roots,
            read: RefCell::default(),
        }
    }

    /// Reads a file; none where there is none, or none that Python can read.
    pub fn open(&self, path: &str) -> Option<Rc<Module>> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let module = self.files.read(path).and_then(|bytes| {
            let text = String::from_utf8(bytes).ok()?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
            if guard::too_deep(&text).is_some() {
                return None;
            }
            let body = ruff_python_parser::parse_module(&text).ok()?;
            Some(Rc::new(Module {
                path: path.to_owned(),
                body: body.into_suite().into_iter().collect(),
                text,
            }))
        });
        self.read
            .borrow_mut()
            .insert(path.to_owned(), module.clone());
        module
    }

    /// The module or package with this dotted name; none where the project has none.
    fn locate(&self, dotted: &str) -> Option<String> {
        let below = dotted.replace('.', "/");
        let places = self.roots.iter().map(|root| join(root, &below));
        places.into_iter().find(|place| self.is_there(place))
    }

    fn is_there(&self, place: &str) -> bool {
        self.file_of(place).is_some() || self.files.is_folder(place)
    }

    /// A module's file, by its path without an ending.
    fn file_of(&self, place: &str) -> Option<Rc<Module>> {
        self.open(&format!("{place}.py"))
            .or_else(|| self.open(&join(place, "__init__.py")))
    }

    /// What a dotted name in `module` is bound to, and the attributes that remain: `Base.metadata` gives the class
    /// and `["metadata"]`.
    pub fn resolve(&self, module: &Rc<Module>, dotted: &[&str]) -> (Found, Vec<String>) {
        let rest = |from: usize| dotted[from..].iter().map(ToString::to_string).collect();
        let mut found = self.name(module, dotted[0], HOPS);
        for (at, part) in dotted.iter().enumerate().skip(1) {
            found = match found {
                Found::Module(place) => self.member(&place, part, HOPS),
                Found::Library(name) => Found::Library(format!("{name}.{part}")),
                other => return (other, rest(at)),
            };
        }
        (found, Vec::new())
    }

    /// What `name` of the module at `place` is.
    fn member(&self, place: &str, name: &str, hops: usize) -> Found {
        let file = self.file_of(place);
        if let Some(file) = &file {
            let found = self.name(file, name, hops);
            if !matches!(found, Found::Hidden(_)) {
                return found;
            }
            let below = join(place, name);
            return if self.is_there(&below) {
                Found::Module(below)
            } else {
                found
            };
        }
        let below = join(place, name);
        if self.is_there(&below) {
            return Found::Module(below);
        }
        Found::Hidden(format!("{place} has no {name} that can be read"))
    }

    fn name(&self, module: &Rc<Module>, name: &str, hops: usize) -> Found {
        if hops == 0 {
            return Found::Hidden(format!("{}: {name} is imported in a circle", module.path));
        }
        let mut bindings = Vec::new();
        let mut stars = Vec::new();
        bind(&module.body, name, false, &mut bindings, &mut stars);
        let last = bindings.iter().rposition(|binding| !binding.conditional);
        let open = bindings.split_off(last.unwrap_or(0));
        match open.as_slice() {
            [] => {}
            [only] => return self.bound(module, &only.what, hops),
            several => {
                let place = module.place(several[several.len() - 1].range);
                return Found::Hidden(format!("{place}: {name} depends on a condition"));
            }
        }
        for import in stars {
            if let Some(place) = self.imported(module, import)
                && let found = self.member(&place, name, hops - 1)
                && !matches!(found, Found::Hidden(_))
            {
                return found;
            }
        }
        Found::Hidden(format!("{} does not say what {name} is", module.path))
    }

    fn bound(&self, module: &Rc<Module>, what: &Bound<'_>, hops: usize) -> Found {
        match what {
            Bound::Value(value) => match value {
                Expr::Name(other) => self.name(module, other.id.as_str(), hops - 1),
                value => Found::Value(Rc::clone(module), (*value).clone()),
            },
            Bound::Class(class) => Found::Class(Rc::clone(module), Box::new((*class).clone())),
            Bound::Import(dotted) => match self.locate(dotted) {
                Some(place) => Found::Module(place),
                None => Found::Library((*dotted).to_owned()),
            },
            Bound::From(import, name) => match self.imported(module, import) {
                Some(place) => self.member(&place, name, hops - 1),
                None => Found::Library(format!(
                    "{}.{name}",
                    import.module.as_ref().map_or("", |module| module.as_str())
                )),
            },
            Bound::Other(range) => Found::Hidden(format!(
                "{}: this is made while the program runs",
                module.place(*range)
            )),
        }
    }

    /// The place of the module that a `from … import` names.
    fn imported(&self, module: &Module, import: &StmtImportFrom) -> Option<String> {
        let name = import.module.as_ref().map_or("", |name| name.as_str());
        if import.level == 0 {
            return self.locate(name);
        }
        let mut folder = parent(&module.path);
        for _ in 1..import.level {
            folder = parent(folder);
        }
        Some(join(folder, &name.replace('.', "/")))
    }

    /// The modules of the project that `module` imports.
    pub fn imports(&self, module: &Rc<Module>) -> Vec<Rc<Module>> {
        let mut found = Vec::new();
        for statement in flat(&module.body) {
            match statement {
                Stmt::Import(import) => {
                    for alias in &import.names {
                        found.extend(self.locate(&alias.name));
                    }
                }
                Stmt::ImportFrom(import) => {
                    if let Some(place) = self.imported(module, import) {
                        let below = import.names.iter().map(|alias| join(&place, &alias.name));
                        found.extend(below);
                        found.push(place);
                    }
                }
                _ => {}
            }
        }
        found
            .iter()
            .filter_map(|place| self.file_of(place))
            .collect()
    }
}

/// The statements that run when a module is loaded, through conditions and `try`, in order.
pub fn flat(body: &[Stmt]) -> Vec<&Stmt> {
    let mut statements = Vec::new();
    for statement in body {
        statements.push(statement);
        for body in bodies(statement) {
            statements.extend(flat(body));
        }
    }
    statements
}

/// What runs inside a compound statement that is neither a function nor a class.
fn bodies(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::If(of) => std::iter::once(of.body.as_slice())
            .chain(
                of.elif_else_clauses
                    .iter()
                    .map(|clause| clause.body.as_slice()),
            )
            .collect(),
        Stmt::Try(of) => {
            let handlers = of.handlers.iter().map(|handler| {
                let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                handler.body.as_slice()
            });
            [
                of.body.as_slice(),
                of.orelse.as_slice(),
                of.finalbody.as_slice(),
            ]
            .into_iter()
            .chain(handlers)
            .collect()
        }
        Stmt::With(of) => vec![of.body.as_slice()],
        Stmt::For(of) => vec![of.body.as_slice(), of.orelse.as_slice()],
        Stmt::While(of) => vec![of.body.as_slice(), of.orelse.as_slice()],
        _ => Vec::new(),
    }
}

struct Binding<'a> {
    what: Bound<'a>,
    range: TextRange,
    conditional: bool,
}

enum Bound<'a> {
    Value(&'a Expr),
    Class(&'a StmtClassDef),
    Import(&'a str),
    From(&'a StmtImportFrom, &'a str),
    Other(TextRange),
}

fn bind<'a>(
    body: &'a [Stmt],
    name: &str,
    conditional: bool,
    found: &mut Vec<Binding<'a>>,
    stars: &mut Vec<&'a StmtImportFrom>,
) {
    for statement in body {
        let mut add = |what| {
            found.push(Binding {
                what,
                range: statement.range(),
                conditional,
            });
        };
        match statement {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if is_name(target, name) {
                        add(Bound::Value(&assign.value));
                    } else if names_in(target, name) {
                        add(Bound::Other(assign.range));
                    }
                }
            }
            Stmt::AnnAssign(assign) if is_name(&assign.target, name) => {
                if let Some(value) = &assign.value {
                    add(Bound::Value(value));
                }
            }
            Stmt::AugAssign(assign) if is_name(&assign.target, name) => {
                add(Bound::Other(assign.range));
            }
            Stmt::ClassDef(class) if class.name.as_str() == name => add(Bound::Class(class)),
            Stmt::FunctionDef(function) if function.name.as_str() == name => {
                add(Bound::Other(function.range));
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let whole = alias.name.as_str();
                    let first = whole.split('.').next().unwrap_or(whole);
                    match &alias.asname {
                        Some(other) if other.as_str() == name => add(Bound::Import(whole)),
                        None if first == name => add(Bound::Import(first)),
                        _ => {}
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if bound == name {
                        add(Bound::From(import, alias.name.as_str()));
                    } else if bound == "*" {
                        stars.push(import);
                    }
                }
            }
            _ => {}
        }
        let inside = conditional || !matches!(statement, Stmt::With(_));
        for body in bodies(statement) {
            bind(body, name, inside, found, stars);
        }
    }
}

fn is_name(target: &Expr, name: &str) -> bool {
    matches!(target, Expr::Name(target) if target.id.as_str() == name)
}

fn names_in(target: &Expr, name: &str) -> bool {
    match target {
        Expr::Tuple(of) => of.elts.iter().any(|part| names_in(part, name)),
        Expr::List(of) => of.elts.iter().any(|part| names_in(part, name)),
        target => is_name(target, name),
    }
}

/// `a.b.c` as its parts; none where it is something else.
pub fn dotted(expression: &Expr) -> Option<Vec<&str>> {
    match expression {
        Expr::Name(name) => Some(vec![name.id.as_str()]),
        Expr::Attribute(attribute) => {
            let mut parts = dotted(&attribute.value)?;
            parts.push(attribute.attr.as_str());
            Some(parts)
        }
        _ => None,
    }
}

/// A path below a folder.
pub fn join(folder: &str, below: &str) -> String {
    match (folder, below) {
        ("", below) => below.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, below) => format!("{folder}/{below}"),
    }
}

/// The folder of a path.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
