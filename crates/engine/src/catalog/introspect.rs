//! The query that reads a catalog, for PostgreSQL 12 to 18 and PGlite, and its answer.

use super::object::{Column, Constraint, Index, Kind, Object, Policy, Rule, Trigger};
use super::{Catalog, CatalogError, Key};
use crate::config::Project;
use crate::run::Answer;
use crate::sql::literal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

const QUERY: &str = include_str!("introspect.sql");

/// The oldest and the newest major version that the query is made for.
pub const VERSIONS: std::ops::RangeInclusive<u32> = 12..=18;

/// What a catalog's words depend on, fixed for a transaction: expressions are printed with names as short as the search path
/// allows, times in the session's zone and style (manual, 9.27.4 and 20.11). The last two are for speed: new catalogs have no
/// statistics, and the planner's guesses make it scan whole catalogs, and compile.
pub const SETTINGS: &str = "SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; \
    SET LOCAL quote_all_identifiers = off; SET LOCAL enable_seqscan = off; SET LOCAL jit = off; ";

/// The error of [`look`] where nothing is prepared, not yet or not any more: `invalid_sql_statement_name`.
pub const NOT_PREPARED: &str = "26000";

/// Which objects a look is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Everything,
    /// The relations and routines whose oids are in its parameter, and every object of the other kinds.
    Named,
}

/// Prepares [`look`] for the session, on a server of that `major` version: planning takes longer than looking. It leaves out
/// system schemas, objects of extensions, the schemas `cofferdam` and `cofferdam_quarantine` and the version table of `project`.
pub fn prepare(major: u32, project: &Project) -> String {
    let query = query(major, project, Scope::Everything);
    format!("{SETTINGS}PREPARE cofferdam_look AS\n{query}")
}

/// One look at the whole schema. It changes nothing. Sent as one simple query, it is one transaction.
pub fn look() -> String {
    format!("{SETTINGS}EXECUTE cofferdam_look")
}

/// The query itself, to be sent after [`SETTINGS`] in one transaction.
pub(super) fn query(major: u32, project: &Project, scope: Scope) -> String {
    let since = |version: u32, text: &'static str| if major >= version { text } else { "" };
    let (relations, routines) = match scope {
        Scope::Everything => ("", ""),
        Scope::Named => ("AND c.oid = ANY ($1)", "AND p.oid = ANY ($1)"),
    };
    let target = |column: &str| match major {
        17.. => format!("{column}::int"),
        _ => format!("nullif({column}::int, -1)"),
    };
    let extended_target = match major {
        13.. => target("s.stxstattarget"),
        _ => "NULL::int".into(),
    };
    // A constraint NOT NULL is a property of its column, unless it has a name or state of its own. PostgreSQL's own names
    // (`t_a_not_null`, with a number where that is taken) stay with it when the column or the table is renamed.
    let named_not_null = since(
        18,
        "OR (c.contype = 'n' AND NOT (c.convalidated AND NOT c.connoinherit AND c.conislocal AND c.conname ~ '_not_null[0-9]*$') \
         AND (c.conislocal OR NOT c.convalidated))",
    );
    let collation_locale = match major {
        17.. => ", c.colllocale, c.collicurules",
        16 => ", c.colliculocale, c.collicurules",
        15 => ", c.colliculocale",
        _ => "",
    };
    let publication_parts = match major {
        15.. => {
            ", p.pubviaroot, (SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname) FROM pg_catalog.pg_publication_namespace m JOIN pg_catalog.pg_namespace n ON n.oid = m.pnnspid WHERE m.pnpubid = p.oid)"
        }
        13 | 14 => ", p.pubviaroot",
        _ => "",
    };
    let publication_filter = since(
        15,
        " || coalesce(' where ' || pg_get_expr(m.prqual, m.prrelid), '') || coalesce(' columns ' || m.prattrs::text, '')",
    );
    let compression = match major {
        14.. => "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
        _ => "NULL::text",
    };
    let schema = project.version_table_schema.as_deref();
    let filled = QUERY
        .replace("{relations}", relations)
        .replace("{routines}", routines)
        .replace("{version_table}", &literal(&project.version_table))
        .replace(
            "{version_schema}",
            &schema.map_or_else(|| "NULL::text".into(), literal),
        )
        .replace("{compression}", compression)
        .replace("{statistics_target}", &target("a.attstattarget"))
        .replace("{extended_target}", &extended_target)
        .replace("{named_not_null}", named_not_null)
        .replace(
            "{multirange}",
            since(14, ", 'multirange', format_type(g.rngmultitypid, NULL)"),
        )
        .replace("{collation_locale}", collation_locale)
        .replace("{publication_parts}", publication_parts)
        .replace("{publication_filter}", publication_filter);
    grants(&filled)
}

/// Writes out `{grants:acl:kind:owner}`: the privileges as text, null where they are what `acldefault` gives.
fn grants(query: &str) -> String {
    let mut parts = query.split("{grants:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, rest) = part.split_once('}').unwrap_or((part, ""));
        let mut fields = inside.split(':');
        let mut field = || fields.next().unwrap_or_default();
        let (acl, kind, owner) = (field(), field(), field());
        text.push_str(&format!(
            "CASE WHEN {acl} IS NOT NULL AND NOT ({acl} @> acldefault('{kind}', {owner}) AND acldefault('{kind}', {owner}) @> {acl}) THEN ARRAY(SELECT x::text FROM unnest({acl}) x) END"
        ));
        text.push_str(rest);
    }
    text
}

/// The objects of an answer by kind and id, in that order.
pub(super) type Found = BTreeMap<(Kind, u32), Arc<Object>>;

/// Reads the answer to [`look`] on a server of that `major` version.
pub fn read(major: u32, answer: &Answer) -> Result<Catalog, CatalogError> {
    Ok(catalog(major, &found(answer)?))
}

pub(super) fn catalog(major: u32, found: &Found) -> Catalog {
    let objects = found
        .values()
        .map(|object| (Key::of(object), object.clone()));
    Catalog {
        major,
        objects: objects.collect(),
    }
}

/// Reads an answer's rows: objects, and the parts of those that have parts.
pub(super) fn found(answer: &Answer) -> Result<Found, CatalogError> {
    let mut objects: BTreeMap<(Kind, u32), Object> = BTreeMap::new();
    let mut columns: BTreeMap<u32, Vec<(i32, Column)>> = BTreeMap::new();
    let mut parts: Vec<(u32, &str, &str)> = Vec::new();
    for row in &answer.rows {
        let [Some(kind), Some(id), Some(place), Some(definition)] = row.as_slice() else {
            return Err(unreadable("a row that is not whole"));
        };
        let id: u32 = id.parse().map_err(|_| unreadable(id))?;
        match kind.as_str() {
            "column" => {
                let place = place.parse().map_err(|_| unreadable(place))?;
                let column = (place, json(definition)?);
                columns.entry(id).or_default().push(column);
            }
            "constraint" | "index" | "trigger" | "policy" | "rule" => {
                parts.push((id, kind, definition));
            }
            kind => {
                let object = object(kind, definition)?;
                let kind = object.kind();
                objects.insert((kind, id), object);
            }
        }
    }
    for (id, mut list) in columns {
        list.sort_by_key(|(place, _)| *place);
        if let Some(columns) = owner(&mut objects, id).and_then(Object::columns_mut) {
            *columns = list.into_iter().map(|(_, column)| column).collect();
        }
    }
    for (id, kind, definition) in parts {
        let Some(relation) = owner(&mut objects, id).and_then(Object::relation_mut) else {
            continue;
        };
        match kind {
            "constraint" => relation.constraints.push(json::<Constraint>(definition)?),
            "index" => relation.indexes.push(json::<Index>(definition)?),
            "trigger" => relation.triggers.push(json::<Trigger>(definition)?),
            "policy" => relation.policies.push(json::<Policy>(definition)?),
            _ => relation.rules.push(json::<Rule>(definition)?),
        }
    }
    Ok(objects
        .into_iter()
        .map(|(key, mut object)| {
            sort(&mut object);
            (key, Arc::new(object))
        })
        .collect())
}

/// The object with columns that has this oid; only one kind of them can.
fn owner(objects: &mut BTreeMap<(Kind, u32), Object>, id: u32) -> Option<&mut Object> {
    let kinds = [
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::Composite,
    ];
    let kind = kinds
        .into_iter()
        .find(|kind| objects.contains_key(&(*kind, id)))?;
    objects.get_mut(&(kind, id))
}

/// Reads an object, whose kind stands beside it.
fn object(kind: &str, definition: &str) -> Result<Object, CatalogError> {
    Ok(match kind {
        "schema" => Object::Schema(json(definition)?),
        "extension" => Object::Extension(json(definition)?),
        "enum" => Object::Enum(json(definition)?),
        "domain" => Object::Domain(json(definition)?),
        "composite" => Object::Composite(json(definition)?),
        "range" => Object::Range(json(definition)?),
        "sequence" => Object::Sequence(json(definition)?),
        "table" => Object::Table(json(definition)?),
        "view" => Object::View(json(definition)?),
        "materialized_view" => Object::MaterializedView(json(definition)?),
        "function" => Object::Function(json(definition)?),
        "procedure" => Object::Procedure(json(definition)?),
        "aggregate" => Object::Aggregate(json(definition)?),
        "statistics" => Object::Statistics(json(definition)?),
        "event_trigger" => Object::EventTrigger(json(definition)?),
        "other" => Object::Other(json(definition)?),
        kind => return Err(unreadable(kind)),
    })
}

fn json<'a, T: Deserialize<'a>>(definition: &'a str) -> Result<T, CatalogError> {
    serde_json::from_str(definition).map_err(|error| unreadable(&error.to_string()))
}

fn unreadable(why: &str) -> CatalogError {
    CatalogError::Answer(why.to_owned())
}

/// Brings what has no order of its own into that of its bytes.
fn sort(object: &mut Object) {
    let privileges = |grants: &mut Option<Vec<String>>| {
        if let Some(grants) = grants {
            grants.sort();
        }
    };
    match object {
        Object::Schema(it) => privileges(&mut it.grants),
        Object::Enum(it) => privileges(&mut it.grants),
        Object::Domain(it) => {
            it.constraints.sort_by(|a, b| a.name.cmp(&b.name));
            privileges(&mut it.grants);
        }
        Object::Composite(it) => privileges(&mut it.grants),
        Object::Range(it)
        | Object::Function(it)
        | Object::Procedure(it)
        | Object::Aggregate(it) => privileges(&mut it.grants),
        Object::Sequence(it) => privileges(&mut it.grants),
        Object::Table(it) | Object::View(it) | Object::MaterializedView(it) => {
            it.constraints.sort_by(|a, b| a.name.cmp(&b.name));
            it.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            it.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            it.policies.sort_by(|a, b| a.name.cmp(&b.name));
            it.rules.sort_by(|a, b| a.name.cmp(&b.name));
            for policy in &mut it.policies {
                policy.roles.sort();
            }
            for column in &mut it.columns {
                privileges(&mut column.grants);
            }
            it.options.sort();
            it.toast_options.sort();
            privileges(&mut it.grants);
        }
        Object::EventTrigger(it) => it.tags.sort(),
        Object::Extension(_) | Object::Statistics(_) | Object::Other(_) => {}
    }
}
