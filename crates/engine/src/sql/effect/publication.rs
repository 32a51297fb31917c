//! CREATE and ALTER PUBLICATION.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, ObjectKind};
use crate::sql::schema::TableName;
use crate::sql::tree::{child, name, word};
use squawk_syntax::ast;
use squawk_syntax::{SyntaxKind, SyntaxNode};

impl Reading<'_> {
    pub fn publication(&mut self, node: &SyntaxNode, kind: Kind, action: Action) {
        self.kind(kind);
        let named = word(child::<ast::Publication>(node))
            .or_else(|| word(child::<ast::PublicationRef>(node)));
        if let Some(named) = named {
            self.touch(
                action,
                ObjectKind::Publication,
                TableName {
                    schema: None,
                    name: named,
                },
                None,
            );
        }
        for object in node.descendants() {
            if object.kind() == SyntaxKind::PUBLICATION_OBJECT_TABLE
                && let Some(table) = name(child::<ast::TableNameRef>(&object))
            {
                if child::<ast::ColumnRefList>(&object).is_some()
                    || child::<ast::WhereConditionClause>(&object).is_some()
                {
                    self.since(15);
                }
                for one in self.with_inheritors(&table, &object) {
                    self.lock(kind, Role::Table, &one);
                }
                self.touch(Action::Alter, ObjectKind::Table, table, None);
            } else if object.kind() == SyntaxKind::PUBLICATION_OBJECT_TABLES_IN_SCHEMA {
                self.since(15);
            }
        }
    }

    /// A table and those that inherit from it, as a publication takes them; partitions are not among them.
    fn with_inheritors(&self, table: &TableName, object: &SyntaxNode) -> Vec<TableName> {
        let mut all = vec![table.clone()];
        if !crate::sql::tree::has(object, SyntaxKind::ONLY_KW) && !self.is_partitioned(table) {
            all.extend(self.schema.descendants(table));
        }
        all
    }
}
