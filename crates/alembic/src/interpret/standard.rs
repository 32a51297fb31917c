//! Python's own names: which there are, and which modules have no effect on a database.

use crate::value::Value;

/// Modules of the standard library. Their functions do nothing to a database; what they answer is computed where it
/// is the same on every run, and unknown elsewhere.
const MODULES: [&str; 44] = [
    "__future__",
    "abc",
    "base64",
    "builtins",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "html",
    "inspect",
    "io",
    "itertools",
    "json",
    "locale",
    "logging",
    "math",
    "operator",
    "os",
    "pathlib",
    "platform",
    "random",
    "re",
    "secrets",
    "shutil",
    "socket",
    "string",
    "sys",
    "textwrap",
    "time",
    "traceback",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "urllib",
    "uuid",
    "warnings",
];

/// Builtin functions, classes and exceptions.
const BUILTINS: [&str; 71] = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "Ellipsis",
    "EnvironmentError",
    "Exception",
    "FileNotFoundError",
    "IOError",
    "ImportError",
    "IndexError",
    "KeyError",
    "LookupError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "RuntimeError",
    "RuntimeWarning",
    "StopIteration",
    "SystemExit",
    "TypeError",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
    "DeprecationWarning",
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "chr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
];

/// The rest of the builtins.
const MORE_BUILTINS: [&str; 9] = [
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "ord",
    "classmethod",
    "staticmethod",
];

pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name) || MORE_BUILTINS.contains(&name)
}

/// Whether a dotted name is the standard library's.
pub(super) fn knows(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or_default();
    MODULES.contains(&root)
}

/// Whether a decorator gives a function that does the same.
pub(super) fn is_plain_decorator(name: &str) -> bool {
    matches!(
        name,
        "builtins.staticmethod"
            | "typing.final"
            | "typing.override"
            | "typing.no_type_check"
            | "typing_extensions.override"
    )
}

/// A constant of a module.
pub(super) fn constant(module: &str, name: &str) -> Option<Value> {
    Some(match (module, name) {
        ("string", "ascii_lowercase") => Value::str("abcdefghijklmnopqrstuvwxyz"),
        ("string", "ascii_uppercase") => Value::str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("string", "digits") => Value::str("0123456789"),
        ("os", "linesep") => Value::str("\n"),
        ("typing", "TYPE_CHECKING") => Value::Bool(false),
        _ => return None,
    })
}
