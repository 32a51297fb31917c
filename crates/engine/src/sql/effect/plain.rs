//! Statements that lock no relation, or none that their text names.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, ObjectKind};
use squawk_syntax::{SyntaxKind, SyntaxNode};

impl Reading<'_> {
    /// A statement that locks no relation, or none that its text names.
    pub fn plain_statement(&mut self, node: &SyntaxNode) {
        let row = PLAIN.iter().find(|(kind, ..)| *kind == node.kind());
        let Some((_, action, object, kind)) = row else {
            self.kind(Kind::Other);
            return;
        };
        self.kind(*kind);
        for named in super::drop::dropped(node)
            .into_iter()
            .take(if *action == Action::Drop {
                usize::MAX
            } else {
                1
            })
        {
            self.touch(*action, *object, named, None);
        }
        if *action == Action::Drop && super::drop::is_cascade(node) {
            self.open("CASCADE drops whatever depends on it, and locks that.");
            for named in super::drop::dropped(node) {
                self.lose(super::Loss::Dependents(named));
            }
        }
        match node.kind() {
            SyntaxKind::DROP_OWNED => {
                self.open("It drops everything that the role owns, and locks it.")
            }
            SyntaxKind::REASSIGN => self.open("It locks everything that the role owns."),
            SyntaxKind::CREATE_EXTENSION | SyntaxKind::ALTER_EXTENSION => {
                self.open("It runs the extension's own script, which is not read.");
            }
            SyntaxKind::DROP_EXTENSION => self.open("It drops everything of the extension's."),
            SyntaxKind::IMPORT_FOREIGN_SCHEMA => {
                self.open("It makes a foreign table for each table of the other server.")
            }
            SyntaxKind::DROP_DATABASE => {
                for named in super::drop::dropped(node) {
                    self.lose(super::Loss::Dependents(named));
                }
            }
            SyntaxKind::DROP_STATISTICS => {
                for named in super::drop::dropped(node) {
                    match self.schema.table_of_statistics(&named).cloned() {
                        Some(table) => self.lock(Kind::DropStatistics, Role::Table, &table),
                        None => self
                            .open("It locks the statistics' table, which the text does not name."),
                    }
                }
            }
            _ => {}
        }
    }
}

/// Statements by their node's kind: what they do to which kind of object.
const PLAIN: &[(SyntaxKind, Action, ObjectKind, Kind)] = {
    use Action::{Alter, Create, Drop};
    use ObjectKind as O;
    use SyntaxKind as N;
    &[
        (N::CREATE_TYPE, Create, O::Type, Kind::CreateType),
        (N::CREATE_DOMAIN, Create, O::Domain, Kind::CreateDomain),
        (N::ALTER_SCHEMA, Alter, O::Schema, Kind::AlterSchema),
        (
            N::ALTER_STATISTICS,
            Alter,
            O::Statistics,
            Kind::AlterStatistics,
        ),
        (
            N::DROP_STATISTICS,
            Drop,
            O::Statistics,
            Kind::DropStatistics,
        ),
        (
            N::DROP_PUBLICATION,
            Drop,
            O::Publication,
            Kind::DropPublication,
        ),
        (N::CREATE_SUBSCRIPTION, Create, O::Subscription, Kind::Other),
        (N::ALTER_SUBSCRIPTION, Alter, O::Subscription, Kind::Other),
        (N::DROP_SUBSCRIPTION, Drop, O::Subscription, Kind::Other),
        (N::ALTER_FUNCTION, Alter, O::Function, Kind::Other),
        (N::DROP_FUNCTION, Drop, O::Function, Kind::Other),
        (N::ALTER_PROCEDURE, Alter, O::Procedure, Kind::Other),
        (N::DROP_PROCEDURE, Drop, O::Procedure, Kind::Other),
        (N::ALTER_ROUTINE, Alter, O::Function, Kind::Other),
        (N::DROP_ROUTINE, Drop, O::Function, Kind::Other),
        (N::CREATE_AGGREGATE, Create, O::Function, Kind::Other),
        (N::ALTER_AGGREGATE, Alter, O::Function, Kind::Other),
        (N::DROP_AGGREGATE, Drop, O::Function, Kind::Other),
        (N::CREATE_EXTENSION, Create, O::Extension, Kind::Other),
        (N::ALTER_EXTENSION, Alter, O::Extension, Kind::Other),
        (N::DROP_EXTENSION, Drop, O::Extension, Kind::Other),
        (N::CREATE_ROLE, Create, O::Role, Kind::Other),
        (N::CREATE_USER, Create, O::Role, Kind::Other),
        (N::CREATE_GROUP, Create, O::Role, Kind::Other),
        (N::ALTER_ROLE, Alter, O::Role, Kind::Other),
        (N::ALTER_USER, Alter, O::Role, Kind::Other),
        (N::ALTER_GROUP, Alter, O::Role, Kind::Other),
        (N::DROP_ROLE, Drop, O::Role, Kind::Other),
        (N::DROP_USER, Drop, O::Role, Kind::Other),
        (N::DROP_GROUP, Drop, O::Role, Kind::Other),
        (N::DROP_OWNED, Drop, O::Role, Kind::Other),
        (N::REASSIGN, Alter, O::Role, Kind::Other),
        (N::CREATE_DATABASE, Create, O::Database, Kind::Other),
        (N::ALTER_DATABASE, Alter, O::Database, Kind::Other),
        (N::DROP_DATABASE, Drop, O::Database, Kind::Other),
        (N::CREATE_COLLATION, Create, O::Other, Kind::Other),
        (N::ALTER_COLLATION, Alter, O::Other, Kind::Other),
        (N::DROP_COLLATION, Drop, O::Other, Kind::Other),
        (N::CREATE_CONVERSION, Create, O::Other, Kind::Other),
        (N::ALTER_CONVERSION, Alter, O::Other, Kind::Other),
        (N::DROP_CONVERSION, Drop, O::Other, Kind::Other),
        (N::CREATE_EVENT_TRIGGER, Create, O::Trigger, Kind::Other),
        (N::ALTER_EVENT_TRIGGER, Alter, O::Trigger, Kind::Other),
        (N::DROP_EVENT_TRIGGER, Drop, O::Trigger, Kind::Other),
        (
            N::CREATE_TEXT_SEARCH_CONFIGURATION,
            Create,
            O::Other,
            Kind::Other,
        ),
        (
            N::ALTER_TEXT_SEARCH_CONFIGURATION,
            Alter,
            O::Other,
            Kind::Other,
        ),
        (
            N::CREATE_TEXT_SEARCH_DICTIONARY,
            Create,
            O::Other,
            Kind::Other,
        ),
        (
            N::ALTER_TEXT_SEARCH_DICTIONARY,
            Alter,
            O::Other,
            Kind::Other,
        ),
        (N::CREATE_SERVER, Create, O::Other, Kind::Other),
        (N::ALTER_SERVER, Alter, O::Other, Kind::Other),
        (N::DROP_SERVER, Drop, O::Other, Kind::Other),
        (
            N::CREATE_FOREIGN_DATA_WRAPPER,
            Create,
            O::Other,
            Kind::Other,
        ),
        (N::ALTER_FOREIGN_DATA_WRAPPER, Alter, O::Other, Kind::Other),
        (N::DROP_FOREIGN_DATA_WRAPPER, Drop, O::Other, Kind::Other),
        (N::IMPORT_FOREIGN_SCHEMA, Create, O::Schema, Kind::Other),
        (N::CREATE_TABLESPACE, Create, O::Other, Kind::Other),
        (N::ALTER_TABLESPACE, Alter, O::Other, Kind::Other),
        (N::DROP_TABLESPACE, Drop, O::Other, Kind::Other),
        (N::CREATE_LANGUAGE, Create, O::Other, Kind::Other),
        (N::ALTER_LANGUAGE, Alter, O::Other, Kind::Other),
        (N::DROP_LANGUAGE, Drop, O::Other, Kind::Other),
        (N::CREATE_OPERATOR_CLASS, Create, O::Other, Kind::Other),
        (N::ALTER_OPERATOR_CLASS, Alter, O::Other, Kind::Other),
        (N::DROP_OPERATOR_CLASS, Drop, O::Other, Kind::Other),
        (N::CREATE_OPERATOR_FAMILY, Create, O::Other, Kind::Other),
        (N::ALTER_OPERATOR_FAMILY, Alter, O::Other, Kind::Other),
        (N::DROP_OPERATOR_FAMILY, Drop, O::Other, Kind::Other),
        (N::CREATE_ACCESS_METHOD, Create, O::Other, Kind::Other),
        (N::DROP_ACCESS_METHOD, Drop, O::Other, Kind::Other),
    ]
};
