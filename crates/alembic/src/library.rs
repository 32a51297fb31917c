//! What Alembic's and SQLAlchemy's names do: objects, their attributes, and the operations that give SQL.
//!
//! The interpreter knows Python; this module knows the libraries. A call that cannot be known gives a
//! [`Value::Unknown`]; an operation that cannot be known is reported with [`World::unreadable`].
//!
//! The SQL is that of `alembic upgrade --sql` with the `env.py` of Alembic's own template: PostgreSQL, `literal_binds`,
//! paramstyle `named`. Where Alembic's offline mode cannot write what the same migration does on a database (values
//! given beside a statement, JSON, values of columns without a type), the SQL is what the database gets.

mod bind;
mod column;
mod constraint;
mod default;
mod effect;
mod entity;
mod expression;
mod from;
mod index;
mod inspector;
mod literal;
mod member;
mod metadata;
mod name;
mod naming;
mod operation;
mod python;
mod reader;
mod schema;
mod statement;
mod table;
mod trouble;
mod types;
mod weight;

use crate::settings::Settings;
use crate::value::{Args, Stop, Value};
use crate::world::World;
use expression::{E, Expression, Node};
use std::rc::Rc;
use trouble::{Known, Trouble, unknown};

/// Something that a library made.
#[derive(Debug)]
pub enum Object {
    Expression(E),
    Type(types::Type),
    Column(Rc<column::Column>),
    Constraint(constraint::Constraint),
    ForeignKey(constraint::ForeignKey),
    Index(index::Index),
    Default(default::Default),
    Sequence(default::Sequence),
    /// A final name, or one with quotes.
    Name(name::Name),
    /// A table, an alias, a subquery, a join.
    From(Rc<from::From>),
    /// `table.c`.
    Columns(Rc<from::From>),
    /// `insert.excluded`.
    Excluded,
    Query(Rc<statement::Query>),
    /// `.op("…")`, to be called.
    Operator(E, expression::operator::Operator),
    /// `MetaData()`.
    MetaData(metadata::MetaData),
    /// DDL as it is sent.
    Statement(String),
    /// `op.get_bind()`.
    Bind,
    /// `op.get_context()`.
    Migration,
    /// `bind.dialect`.
    Dialect,
    Inspector,
    /// `autocommit_block()`.
    Autocommit,
    Batch(operation::batch::Batch),
    Python(python::Python),
    Entity(entity::Entity),
    /// A column of alembic-postgresql-enum's.
    Reference(operation::enumeration::Reference),
}

impl Object {
    /// What it is, for messages.
    pub fn what(&self) -> &'static str {
        match self {
            Object::Expression(_) => "an expression",
            Object::Type(_) => "a type",
            Object::Column(_) => "a Column",
            Object::Constraint(_) => "a constraint",
            Object::ForeignKey(_) => "a ForeignKey",
            Object::Index(_) => "an Index",
            Object::Default(_) => "a server default",
            Object::Sequence(_) => "a Sequence",
            Object::Name(_) => "a name",
            Object::From(_) => "a table",
            Object::Columns(_) | Object::Excluded => "the columns of a table",
            Object::Query(_) => "a statement",
            Object::Operator(..) => "an operator",
            Object::MetaData(_) => "a MetaData",
            Object::Statement(_) => "a DDL statement",
            Object::Bind => "the connection",
            Object::Migration => "the migration context",
            Object::Dialect => "the dialect",
            Object::Inspector => "the inspector",
            Object::Autocommit => "an autocommit block",
            Object::Batch(_) => "a batch",
            Object::Python(_) => "a value",
            Object::Reference(_) => "a column of an enumeration",
            Object::Entity(_) => "an entity of alembic_utils",
        }
    }
}

/// The methods with which a type of the file changes values on their way.
pub const PROCESSING: [&str; 6] = [
    "process_bind_param",
    "process_literal_param",
    "bind_processor",
    "literal_processor",
    "bind_expression",
    "coerce_compared_value",
];

/// Whether a class with these bases is a type of columns.
pub fn is_type_class(bases: &[String]) -> bool {
    bases.iter().any(|base| {
        base.starts_with("sqlalchemy.")
            && (base.ends_with(".TypeDecorator") || base.ends_with(".UserDefinedType"))
    })
}

/// The dialect, which `load_dialect_impl` is given.
pub fn dialect() -> Value {
    Value::object(Object::Dialect)
}

/// The type of a class of the file, which says that it is `written` so: a type, or its SQL.
pub fn column_type(line: u32, written: &Value, processed: bool) -> Value {
    let made = types::decorated(written, processed);
    match made {
        Ok(made) => Value::object(Object::Type(made)),
        Err(Trouble::Unknown(unknown)) => trouble::located(line, &unknown),
        Err(Trouble::Stop(_)) => Value::unknown(line, "needs a type that the file does not give"),
    }
}

/// Whether `name` (`sqlalchemy.Column`, `alembic.op.execute`) or its module belongs to a library that is known
/// here. The interpreter treats other names as the application's code.
pub fn knows(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or_default();
    [
        "alembic",
        "sqlalchemy",
        "alembic_postgresql_enum",
        "alembic_utils",
    ]
    .contains(&root)
        || types::is_package(root)
        || python::knows(name)
}

/// Calls what a dotted name means.
pub fn call(world: &mut World<'_>, name: &str, args: &Args) -> Result<Value, Stop> {
    if let Some(operation) = name.strip_prefix("alembic.op.") {
        return operation::call(world, operation, args);
    }
    let made = made(world.settings, name, args);
    trouble::value(world.line, made)
}

fn made(settings: &Settings, name: &str, args: &Args) -> Known<Value> {
    if python::knows(name) {
        return python::call(name, args);
    }
    let not_known = || unknown(format!("{name} is not known to Cofferdam"));
    if let Some(rest) = name.strip_prefix("alembic.") {
        return match rest.trim_start_matches("runtime.environment.EnvironmentContext.") {
            "context.is_offline_mode" => Ok(Value::Bool(true)),
            "context.get_context" => Ok(Value::object(Object::Migration)),
            "context.get_bind" => Ok(Value::object(Object::Bind)),
            "context.get_x_argument" => Err(unknown("-x arguments are known only to a run")),
            _ => Err(not_known()),
        };
    }
    if let Some(function) = expression::function::named(name) {
        return expression::function::call(function, args)
            .map(|made| Value::object(Object::Expression(made)));
    }
    if let Some(found) = types::make(name, args) {
        return found.map(|made| Value::object(Object::Type(made)));
    }
    let (root, last) = (
        name.split('.').next().unwrap_or_default(),
        name.rsplit('.').next().unwrap_or_default(),
    );
    if root == "alembic_postgresql_enum" {
        return operation::enumeration::make(name, args);
    }
    if root == "alembic_utils" {
        return entity::make(name, args);
    }
    if !matches!(root, "sqlalchemy" | "sqlmodel") {
        return Err(not_known());
    }
    if name.contains(".orm.") || name.starts_with("sqlmodel.Session") {
        return Err(unknown(format!(
            "{name}: an ORM session reads and writes what is in the database"
        )));
    }
    let postgresql = name.contains(".dialects.postgresql");
    if name.contains(".dialects.") && !postgresql {
        return Err(not_known());
    }
    if let Some(found) = constraint::make(last, args) {
        return found.map(|made| Value::object(Object::Constraint(made)));
    }
    if let Some(found) = statement::call(last, args, postgresql) {
        return found;
    }
    if let Some(found) = expression::build::call(last, args) {
        return found;
    }
    schema::call(settings, name, last, args).unwrap_or_else(|| Err(not_known()))
}

/// What is known, or none where it is not: then the operation is reported.
fn report<T>(world: &mut World<'_>, known: Known<T>) -> Result<Option<T>, Stop> {
    match known {
        Ok(value) => Ok(Some(value)),
        Err(Trouble::Unknown(unknown)) => {
            world.unreadable(&unknown);
            Ok(None)
        }
        Err(Trouble::Stop(stop)) => Err(trouble::at(world.line, stop)),
    }
}

/// Calls a method of an object.
pub fn method(
    world: &mut World<'_>,
    object: &Rc<Object>,
    name: &str,
    args: &Args,
) -> Result<Value, Stop> {
    match &**object {
        Object::Batch(batch) => return operation::perform(world, name, args, Some(batch)),
        Object::Bind => return bind::method(world, name, args),
        Object::Migration => return bind::migration(world, name, args),
        Object::Dialect => return bind::dialect(world, name, args),
        Object::Inspector => return inspector::method(world, name, args),
        Object::MetaData(metadata) if name == "reflect" => {
            metadata.reflect();
            return Ok(Value::None);
        }
        _ => {}
    }
    if let Some(done) = effect::perform(world, object, name, args)? {
        return Ok(done);
    }
    let made = match &**object {
        Object::Query(query) => statement::method::call(query, name, args),
        Object::Type(kind) => member::type_method(kind, name, args),
        Object::From(from) => member::from_method(from, name, args),
        Object::Columns(from) => member::columns_method(from, name, args),
        Object::Sequence(sequence) if name == "next_value" => {
            Expression::new(Node::NextValue(sequence.sql()))
                .map(|made| Value::object(Object::Expression(made)))
        }
        Object::Operator(left, operator) if name == "__call__" => {
            match args.positional.as_slice() {
                [value] => expression::method::applied(left, operator, value)
                    .map(|made| Value::object(Object::Expression(made))),
                _ => Err(unknown("an operator needs one value")),
            }
        }
        Object::Python(python) => python::method(python, name).ok_or_else(|| {
            unknown(format!(
                "the method {name} of this value is not known to Cofferdam"
            ))
        }),
        Object::Name(name_of) if name == "__str__" => Ok(Value::str(&name_of.text)),
        _ => match expression::of(&Value::Object(object.clone())) {
            Ok(Some(it)) => expression::method::call(&it, name, args),
            Ok(None) => Err(unknown(format!(
                "{}.{name}() is not known to Cofferdam",
                object.what()
            ))),
            Err(_) => Err(unknown(format!(
                "{name}() of {} is not known to Cofferdam",
                object.what()
            ))),
        },
    };
    trouble::value(world.line, made)
}

/// An attribute of an object; none where it is a method, to be called.
pub fn attribute(
    world: &mut World<'_>,
    object: &Rc<Object>,
    name: &str,
) -> Result<Option<Value>, Stop> {
    let found = match &**object {
        Object::Bind => bind::attribute(name),
        Object::Migration => bind::migration_attribute(name),
        Object::Dialect => bind::dialect_attribute(name),
        Object::Expression(it) => expression::method::attribute(it, name),
        Object::Column(column) => member::column_attribute(column, name),
        Object::Type(kind) => member::type_attribute(kind, name),
        Object::MetaData(metadata) => metadata.attribute(name),
        Object::From(from) => member::from_attribute(from, name),
        Object::Columns(from) if !member::is_columns_method(name) => Some(
            from.column(name)
                .map(|made| Value::object(Object::Expression(made))),
        ),
        Object::Excluded => Some(
            Expression::new(Node::Excluded(name::Name::new(name)))
                .map(|made| Value::object(Object::Expression(made))),
        ),
        Object::Query(query) => statement::method::attribute(query, name),
        Object::Python(python) => python::attribute(python, name).map(Ok),
        _ => None,
    };
    found
        .map(|found| trouble::value(world.line, found))
        .transpose()
}

/// `str(object)`, where it is the same everywhere.
pub fn text(object: &Object) -> Option<String> {
    match object {
        Object::Name(name) => Some(name.text.to_string()),
        Object::Python(python) => Some(python::text(python)),
        Object::Expression(it) => match &it.node {
            Node::Text(text) => Some(text.sql.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// `object[key]`.
pub fn subscript(world: &mut World<'_>, object: &Rc<Object>, key: &Value) -> Result<Value, Stop> {
    let made = match (&**object, key) {
        (Object::Columns(from), Value::Str(key)) => from.column(key),
        (Object::Excluded, Value::Str(key)) => {
            Expression::new(Node::Excluded(name::Name::new(key)))
        }
        _ => match expression::of(&Value::Object(object.clone())) {
            Ok(Some(it)) => expression::method::subscript(&it, key),
            _ => Err(unknown(format!(
                "an element of {} is not known to Cofferdam",
                object.what()
            ))),
        },
    };
    trouble::value(
        world.line,
        made.map(|made| Value::object(Object::Expression(made))),
    )
}

/// `left <operator> right` where at least one of them is an object; `operator` is Python's sign (`==`, `+`, `&`,
/// `in`, `is`).
pub fn binary(
    world: &mut World<'_>,
    operator: &str,
    left: &Value,
    right: &Value,
) -> Result<Value, Stop> {
    if let Some(found) = member::plain_binary(operator, left, right) {
        return Ok(found);
    }
    let made = expression::method::operate(operator, left, right)
        .map(|made| Value::object(Object::Expression(made)));
    trouble::value(world.line, made)
}

/// `<operator> object`: `not`, `~`, `-`, `+`.
pub fn unary(world: &mut World<'_>, operator: &str, object: &Rc<Object>) -> Result<Value, Stop> {
    let made = match expression::of(&Value::Object(object.clone())) {
        Ok(Some(it)) => expression::method::unary(operator, &it),
        _ => Err(unknown(format!(
            "{operator} of {} is not known to Cofferdam",
            object.what()
        ))),
    };
    trouble::value(
        world.line,
        made.map(|made| Value::object(Object::Expression(made))),
    )
}

/// The elements over which `for` goes; none where the object cannot be iterated or is not known.
pub fn iterate(_: &mut World<'_>, object: &Rc<Object>) -> Option<Vec<Value>> {
    match &**object {
        Object::Columns(from) => Some(
            from.columns()
                .ok()?
                .into_iter()
                .map(|(_, column)| Value::object(Object::Expression(column)))
                .collect(),
        ),
        _ => None,
    }
}

/// `with object as …`: what `as` gives.
pub fn enter(world: &mut World<'_>, object: &Rc<Object>) -> Result<Value, Stop> {
    if let Object::Autocommit = **object {
        world.begin_autocommit();
    }
    Ok(Value::Object(object.clone()))
}

/// The end of a `with`.
pub fn exit(world: &mut World<'_>, object: &Rc<Object>) -> Result<(), Stop> {
    match &**object {
        Object::Autocommit => world.end_autocommit(),
        Object::Batch(batch) => batch.flush(world),
        _ => {}
    }
    Ok(())
}
