//! Operations as text, and their inverses.

use super::*;
use sqlparser::ast::{CheckConstraint, DataType, Expr, PrimaryKeyConstraint, UniqueConstraint};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

fn table(name: &str) -> ObjectName {
    ObjectName::from(name.split('.').map(ident).collect::<Vec<_>>())
}

fn expr(text: &str) -> Expr {
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect)
        .try_with_sql(text)
        .expect("it has tokens");
    parser.parse_expr().expect("it is an expression")
}

/// The statement, and those that undo it (`-` where nothing can).
fn both(operation: &Operation) -> String {
    let undo = match operation.invert() {
        Some(list) => list
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" "),
        None => "-".to_owned(),
    };
    format!("{operation} <- {undo}")
}

#[test]
fn tables() {
    assert_eq!(
        both(&Operation::CreateTable {
            name: table("app.t"),
            columns: Vec::new(),
            constraints: Vec::new(),
        }),
        "CREATE TABLE app.t (); <- DROP TABLE app.t;"
    );
    assert_eq!(
        both(&Operation::DropTable(table("t"))),
        "DROP TABLE t; <- -"
    );
    assert_eq!(
        both(&Operation::RenameTable {
            table: table("app.t"),
            to: ident("U")
        }),
        "ALTER TABLE app.t RENAME TO \"U\"; <- ALTER TABLE app.\"U\" RENAME TO t;"
    );
}

#[test]
fn columns() {
    let column = ColumnDef {
        name: ident("select"),
        data_type: DataType::Text,
        options: Vec::new(),
    };
    assert_eq!(
        both(&Operation::AddColumn {
            table: table("t"),
            column
        }),
        "ALTER TABLE t ADD COLUMN \"select\" text; <- ALTER TABLE t DROP COLUMN \"select\";"
    );
    assert_eq!(
        both(&Operation::DropColumn {
            table: table("t"),
            column: ident("c")
        }),
        "ALTER TABLE t DROP COLUMN c; <- -"
    );
    assert_eq!(
        both(&Operation::RenameColumn {
            table: table("t"),
            from: ident("a"),
            to: ident("b"),
        }),
        "ALTER TABLE t RENAME COLUMN a TO b; <- ALTER TABLE t RENAME COLUMN b TO a;"
    );
    let alter = |change| {
        both(&Operation::AlterColumn {
            table: table("t"),
            column: ident("c"),
            change,
        })
    };
    assert_eq!(
        alter(AlterColumnOperation::SetNotNull),
        "ALTER TABLE t ALTER COLUMN c SET NOT NULL; <- ALTER TABLE t ALTER COLUMN c DROP NOT NULL;"
    );
    assert_eq!(
        alter(AlterColumnOperation::DropNotNull),
        "ALTER TABLE t ALTER COLUMN c DROP NOT NULL; <- ALTER TABLE t ALTER COLUMN c SET NOT NULL;"
    );
    assert_eq!(
        alter(AlterColumnOperation::SetDefault {
            value: expr("now() + interval '1 day'")
        }),
        "ALTER TABLE t ALTER COLUMN c SET DEFAULT now() + INTERVAL '1 day'; <- -"
    );
    assert_eq!(
        alter(AlterColumnOperation::DropDefault),
        "ALTER TABLE t ALTER COLUMN c DROP DEFAULT; <- -"
    );
}

#[test]
fn constraints() {
    let constraint = |text: &str| {
        let dialect = PostgreSqlDialect {};
        let mut parser = Parser::new(&dialect)
            .try_with_sql(text)
            .expect("it has tokens");
        parser
            .parse_optional_table_constraint()
            .expect("it parses")
            .expect("it is a constraint")
    };
    let add = |constraint: TableConstraint| {
        both(&Operation::AddConstraint {
            table: table("t"),
            constraint,
            not_valid: false,
        })
    };
    let undone = "<- ALTER TABLE t DROP CONSTRAINT c;";
    for text in [
        "CONSTRAINT c UNIQUE (a, b)",
        "CONSTRAINT c PRIMARY KEY (a)",
        "CONSTRAINT c CHECK (a > 0)",
        "CONSTRAINT c FOREIGN KEY (a) REFERENCES u(id) ON DELETE SET NULL",
    ] {
        let constraint = constraint(text);
        let known = matches!(
            &constraint,
            TableConstraint::Unique(UniqueConstraint { name: Some(_), .. })
                | TableConstraint::PrimaryKey(PrimaryKeyConstraint { name: Some(_), .. })
                | TableConstraint::Check(CheckConstraint { name: Some(_), .. })
                | TableConstraint::ForeignKey(_)
        );
        assert!(known, "{constraint:?}");
        assert_eq!(
            add(constraint),
            format!("ALTER TABLE t ADD {text}; {undone}")
        );
    }
    assert_eq!(
        add(constraint("CHECK (a > 0)")),
        "ALTER TABLE t ADD CHECK (a > 0); <- -"
    );
    assert_eq!(
        both(&Operation::DropConstraint {
            table: table("t"),
            name: ident("c")
        }),
        "ALTER TABLE t DROP CONSTRAINT c; <- -"
    );
}

#[test]
fn a_list_is_undone_backwards_or_not_at_all() {
    let add = |column: &str| Operation::RenameTable {
        table: table(column),
        to: ident(format!("{column}2")),
    };
    let undone = invert(&[add("a"), add("b")]).expect("both can be undone");
    let text: Vec<String> = undone.iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        ["ALTER TABLE b2 RENAME TO b;", "ALTER TABLE a2 RENAME TO a;"]
    );
    assert_eq!(invert(&undone).as_deref(), Some(&[add("a"), add("b")][..]));
    assert_eq!(invert(&[add("a"), Operation::DropType(table("x"))]), None);
}

#[test]
fn opaque_sql_swaps_with_its_undoing() {
    let pair = Operation::Sql {
        text: SqlText("SELECT 1;".into()),
        undo: Some(SqlText("SELECT 2;".into())),
    };
    assert_eq!(both(&pair), "SELECT 1; <- SELECT 2;");
    let alone = Operation::Sql {
        text: SqlText("SELECT 1;".into()),
        undo: None,
    };
    assert_eq!(both(&alone), "SELECT 1; <- -");
}
