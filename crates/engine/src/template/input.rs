//! Reading a form's values: text → sqlparser AST, or an error that names the field.

use super::{Field, TemplateError, name};
use crate::operation::ident;
use sqlparser::ast::{
    ColumnDef, DataType, Expr, Ident, IndexColumn, ObjectName, ObjectNamePart, TableConstraint,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;
use std::collections::BTreeMap;

/// The values of one template's form.
pub struct Form<'v> {
    pub fields: &'static [Field],
    pub values: &'v BTreeMap<String, String>,
}

impl Form<'_> {
    /// The field's value without white space around it; may be empty.
    pub fn text(&self, field: &str) -> &str {
        self.values.get(field).map_or("", |value| value.trim())
    }

    pub fn checked(&self, field: &str) -> bool {
        self.text(field) == "true"
    }

    /// The field's lines that are not blank, with their 1-based numbers.
    pub fn lines(&self, field: &str) -> impl Iterator<Item = (usize, &str)> {
        let lines = self
            .values
            .get(field)
            .map_or("", String::as_str)
            .lines()
            .enumerate();
        lines
            .map(|(at, line)| (at + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty())
    }

    pub fn error(&self, field: &'static str, message: impl Into<String>) -> TemplateError {
        let label = self
            .fields
            .iter()
            .find(|other| other.name == field)
            .map_or(field, |field| field.label);
        TemplateError {
            field,
            message: format!("{label}: {}", message.into()),
        }
    }

    pub fn required(&self, field: &'static str) -> Result<&str, TemplateError> {
        match self.text(field) {
            "" => Err(self.error(field, "this is needed")),
            text => Ok(text),
        }
    }

    /// The whole of `text`, read by `rule`.
    pub fn read<T>(
        &self,
        field: &'static str,
        text: &str,
        rule: impl Fn(&mut Parser<'_>) -> Result<T, ParserError>,
    ) -> Result<T, TemplateError> {
        let dialect = PostgreSqlDialect {};
        let outcome = Parser::new(&dialect)
            .try_with_sql(text)
            .and_then(|mut parser| {
                let value = rule(&mut parser)?;
                match parser.peek_token().token {
                    Token::EOF => Ok(value),
                    rest => Err(ParserError::ParserError(format!(
                        "`{rest}` does not belong there"
                    ))),
                }
            });
        outcome.map_err(|error| {
            let words = match error {
                ParserError::TokenizerError(words) | ParserError::ParserError(words) => words,
                ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
            };
            self.error(
                field,
                format!("`{text}` cannot be used: {}", lower_first(&words)),
            )
        })
    }

    /// A table, type or function name, perhaps with its schema.
    pub fn object(&self, field: &'static str) -> Result<ObjectName, TemplateError> {
        self.object_of(field, self.required(field)?)
    }

    pub fn object_of(&self, field: &'static str, text: &str) -> Result<ObjectName, TemplateError> {
        let name = self.read(field, text, |parser| parser.parse_object_name(false))?;
        if name.0.len() > 2 {
            return Err(self.error(
                field,
                format!("`{text}` has more parts than a schema and a name"),
            ));
        }
        let mut parts = Vec::new();
        for part in &name.0 {
            let Some(part) = part.as_ident() else {
                return Err(self.error(field, format!("`{text}` is not a name")));
            };
            parts.push(ObjectNamePart::Identifier(self.folded(field, part)?));
        }
        Ok(ObjectName(parts))
    }

    /// A column's name.
    pub fn column_name(&self, field: &'static str, text: &str) -> Result<Ident, TemplateError> {
        let name = self.read(field, text, |parser| parser.parse_identifier())?;
        self.folded(field, &name)
    }

    /// Names with commas between them.
    pub fn column_names(
        &self,
        field: &'static str,
        text: &str,
    ) -> Result<Vec<Ident>, TemplateError> {
        let names = self.read(field, text, |parser| {
            parser.parse_comma_separated(Parser::parse_identifier)
        })?;
        names.iter().map(|name| self.folded(field, name)).collect()
    }

    pub fn data_type(&self, field: &'static str) -> Result<DataType, TemplateError> {
        let data_type = self.read(field, self.required(field)?, |parser| {
            parser.parse_data_type()
        })?;
        self.known_type(field, &data_type)?;
        Ok(data_type)
    }

    /// An expression, where the field has one.
    pub fn expr(&self, field: &'static str) -> Result<Option<Expr>, TemplateError> {
        match self.text(field) {
            "" => Ok(None),
            text => self
                .read(field, text, |parser| parser.parse_expr())
                .map(Some),
        }
    }

    pub fn index_columns(&self, field: &'static str) -> Result<Vec<IndexColumn>, TemplateError> {
        let mut columns = self.read(field, self.required(field)?, |parser| {
            parser.parse_comma_separated(Parser::parse_create_index_expr)
        })?;
        for column in &mut columns {
            if let Expr::Identifier(name) = &mut column.column.expr {
                *name = self.folded(field, name)?;
            }
        }
        Ok(columns)
    }

    /// One line of a table: a column, or a constraint of the table.
    pub fn table_line(&self, field: &'static str, text: &str) -> Result<TableLine, TemplateError> {
        let text = text.strip_suffix(',').unwrap_or(text).trim_end();
        let line = self.read(field, text, |parser| {
            match parser.parse_optional_table_constraint()? {
                Some(constraint) => Ok(TableLine::Constraint(constraint)),
                None => parser.parse_column_def().map(TableLine::Column),
            }
        })?;
        match line {
            TableLine::Column(mut column) => {
                column.name = self.folded(field, &column.name)?;
                self.known_type(field, &column.data_type)?;
                Ok(TableLine::Column(column))
            }
            constraint => Ok(constraint),
        }
    }

    /// The identifier as PostgreSQL folds it; one over 63 bytes is refused, since PostgreSQL would cut it.
    fn folded(&self, field: &'static str, name: &Ident) -> Result<Ident, TemplateError> {
        let value = match name.quote_style {
            None => name.value.to_ascii_lowercase(),
            Some('"') => name.value.clone(),
            Some(_) => return Err(self.error(field, format!("{name} is a string, not a name"))),
        };
        if value.is_empty() {
            return Err(self.error(field, "a name cannot be empty"));
        }
        if value.len() > name::LONGEST {
            return Err(self.error(
                field,
                format!("{value} is longer than PostgreSQL's 63 bytes"),
            ));
        }
        Ok(ident(value))
    }

    /// sqlparser reads other databases' types too, such as MySQL's ENUM('a').
    fn known_type(&self, field: &'static str, data_type: &DataType) -> Result<(), TemplateError> {
        match data_type {
            DataType::Enum(..) | DataType::Set(..) | DataType::Unspecified => {
                Err(self.error(field, format!("`{data_type}` is not a type of PostgreSQL")))
            }
            _ => Ok(()),
        }
    }
}

/// What a line of a CREATE TABLE holds.
pub enum TableLine {
    Column(ColumnDef),
    Constraint(TableConstraint),
}

/// The last part of a name, as a word for another name.
pub fn last(name: &ObjectName) -> &str {
    name.0
        .last()
        .and_then(ObjectNamePart::as_ident)
        .map_or("", |name| name.value.as_str())
}

fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
