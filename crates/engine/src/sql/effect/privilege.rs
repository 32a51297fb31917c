//! COMMENT, SECURITY LABEL, GRANT and REVOKE.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, ObjectKind};
use crate::sql::green::segments;
use crate::sql::schema::TableName;
use crate::sql::tree::{child, name, name_of, word};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

impl Reading<'_> {
    /// COMMENT and SECURITY LABEL.
    pub fn comment(&mut self, object: &SyntaxNode) -> Option<()> {
        let kind = Kind::Comment;
        self.kind(kind);
        let relation = |this: &mut Self,
                        role: Role,
                        object: ObjectKind,
                        named: TableName,
                        part: Option<String>| {
            this.lock(kind, role, &named);
            this.touch(Action::Alter, object, named, part);
        };
        let named = name_of(object)?;
        match object.kind() {
            SyntaxKind::OBJECT_TABLE | SyntaxKind::OBJECT_FOREIGN_TABLE => {
                relation(self, Role::Target, ObjectKind::Table, named, None)
            }
            SyntaxKind::OBJECT_VIEW => relation(self, Role::Target, ObjectKind::View, named, None),
            SyntaxKind::OBJECT_MATERIALIZED_VIEW => relation(
                self,
                Role::Target,
                ObjectKind::MaterializedView,
                named,
                None,
            ),
            SyntaxKind::OBJECT_INDEX => {
                relation(self, Role::Target, ObjectKind::Index, named, None)
            }
            SyntaxKind::OBJECT_SEQUENCE => {
                relation(self, Role::Target, ObjectKind::Sequence, named, None)
            }
            SyntaxKind::OBJECT_COLUMN => {
                let mut parts = segments(object);
                let column = parts.pop()?;
                let table = parts.pop()?;
                let table = TableName::new(parts.pop(), table);
                relation(self, Role::Target, ObjectKind::Column, table, Some(column));
            }
            SyntaxKind::OBJECT_CONSTRAINT => {
                let table = name(child::<ast::TableNameRef>(object))?;
                let part = word(child::<ast::ConstraintNameRef>(object));
                relation(self, Role::Table, ObjectKind::Constraint, table, part);
            }
            SyntaxKind::OBJECT_TRIGGER => {
                let table = name(child::<ast::RelationNameRef>(object))?;
                relation(
                    self,
                    Role::Table,
                    ObjectKind::Trigger,
                    table,
                    word(child::<ast::TriggerRef>(object)),
                );
            }
            SyntaxKind::OBJECT_RULE => {
                let table = name(child::<ast::RelationNameRef>(object))?;
                relation(
                    self,
                    Role::Table,
                    ObjectKind::Rule,
                    table,
                    word(child::<ast::RuleRef>(object)),
                );
            }
            SyntaxKind::OBJECT_POLICY => {
                let table = name(child::<ast::TableNameRef>(object))?;
                relation(
                    self,
                    Role::Table,
                    ObjectKind::Policy,
                    table,
                    word(child::<ast::PolicyRef>(object)),
                );
            }
            other => {
                let touched = match other {
                    SyntaxKind::OBJECT_FUNCTION
                    | SyntaxKind::OBJECT_AGGREGATE
                    | SyntaxKind::OBJECT_ROUTINE => ObjectKind::Function,
                    SyntaxKind::OBJECT_PROCEDURE => ObjectKind::Procedure,
                    SyntaxKind::OBJECT_TYPE => ObjectKind::Type,
                    SyntaxKind::OBJECT_DOMAIN => ObjectKind::Domain,
                    SyntaxKind::OBJECT_SCHEMA => ObjectKind::Schema,
                    SyntaxKind::OBJECT_EXTENSION => ObjectKind::Extension,
                    SyntaxKind::OBJECT_ROLE => ObjectKind::Role,
                    SyntaxKind::OBJECT_DATABASE => ObjectKind::Database,
                    SyntaxKind::OBJECT_PUBLICATION => ObjectKind::Publication,
                    SyntaxKind::OBJECT_SUBSCRIPTION => ObjectKind::Subscription,
                    SyntaxKind::OBJECT_STATISTICS => ObjectKind::Statistics,
                    _ => ObjectKind::Other,
                };
                self.touch(Action::Alter, touched, named, None);
            }
        }
        Some(())
    }

    /// GRANT and REVOKE.
    pub fn grant(&mut self, node: &SyntaxNode, kind: Kind) -> Option<()> {
        self.kind(kind);
        let clause = child::<ast::OnPrivilegeObjectsClause>(node)?;
        let objects = clause.privilege_objects()?;
        let refs = |object: ObjectKind, this: &mut Self| {
            for relation in objects.syntax().children() {
                let relation = (relation.kind() != SyntaxKind::ROLE_REF)
                    .then(|| name_of(&relation))
                    .flatten();
                if let Some(relation) = relation {
                    if matches!(object, ObjectKind::Table | ObjectKind::Sequence) {
                        this.lock(kind, Role::Target, &relation);
                    }
                    let object = match object {
                        ObjectKind::Table => this.kind_of(&relation),
                        other => other,
                    };
                    this.touch(Action::Alter, object, relation, None);
                }
            }
        };
        use ast::PrivilegeObjects as P;
        match &objects {
            P::PrivilegeDefault(_) | P::PrivilegeTable(_) => refs(ObjectKind::Table, self),
            P::PrivilegeSequence(_) => refs(ObjectKind::Sequence, self),
            P::PrivilegeSchema(_) => refs(ObjectKind::Schema, self),
            P::PrivilegeDatabase(_) => refs(ObjectKind::Database, self),
            P::PrivilegeType(_) => refs(ObjectKind::Type, self),
            P::PrivilegeDomain(_) => refs(ObjectKind::Domain, self),
            P::PrivilegeFunction(_) | P::PrivilegeProcedure(_) | P::PrivilegeRoutine(_) => {
                refs(ObjectKind::Function, self)
            }
            P::PrivilegeAllTablesInSchema(_) | P::PrivilegeAllSequencesInSchema(_) => {
                for schema in objects.syntax().children().filter_map(ast::SchemaRef::cast) {
                    let schema = word(Some(schema))?;
                    self.touch(
                        Action::Alter,
                        ObjectKind::Schema,
                        TableName {
                            schema: None,
                            name: schema,
                        },
                        None,
                    );
                }
                self.open("It changes the privileges on everything of that kind in the schema.");
            }
            P::PrivilegeParameter(_) => {
                self.since(15);
                refs(ObjectKind::Other, self);
            }
            _ => refs(ObjectKind::Other, self),
        }
        Some(())
    }
}
