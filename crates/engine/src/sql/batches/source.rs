//! What an INSERT … SELECT reads: the table whose key is cut into ranges, and where the range goes.

use super::{Found, KIND, bytes, dotted};
use crate::sql::green::segments;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// PostgreSQL's own aggregates (manual, 9.21); others are told by FILTER and WITHIN GROUP.
const AGGREGATES: [&str; 47] = [
    "any_value",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "cume_dist",
    "dense_rank",
    "every",
    "grouping",
    "json_agg",
    "json_agg_strict",
    "json_object_agg",
    "json_object_agg_unique",
    "jsonb_agg",
    "jsonb_agg_strict",
    "jsonb_object_agg",
    "jsonb_object_agg_unique",
    "max",
    "min",
    "mode",
    "percent_rank",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "rank",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
    "stddev",
    "string_agg",
    "sum",
    "variance",
    "xmlagg",
];

/// Reads the SELECT of an INSERT.
///
/// # Errors
/// Why it cannot be run in batches, as a sentence's end.
pub(super) fn read(insert: &ast::Insert) -> Result<Found, &'static str> {
    let select = match insert.insert_source() {
        Some(ast::InsertSource::SelectVariant(ast::SelectVariant::Select(select))) => select,
        Some(ast::InsertSource::SelectVariant(ast::SelectVariant::CompoundSelect(_))) => {
            return Err(
                "UNION, INTERSECT and EXCEPT need all rows at once: insert the rows of each SELECT by itself",
            );
        }
        Some(ast::InsertSource::SelectVariant(ast::SelectVariant::ParenSelect(_))) => {
            return Err("write its SELECT without the parentheses around it");
        }
        _ => return Err("an INSERT needs a SELECT from a table, whose rows are cut into ranges"),
    };
    if select.with_clause().is_some() {
        return Err(KIND);
    }
    check_rows(&select)?;
    let from = select
        .from_clause()
        .ok_or("an INSERT needs a SELECT from a table, whose rows are cut into ranges")?;
    let first = from.items().next().ok_or(KIND)?;
    let (table, path, name) = first_table(first)?;
    let end = bytes(from.syntax()).end;
    let condition = match select.where_clause().map(|found| found.expr()) {
        None => end..end,
        Some(expression) => bytes(expression.ok_or("the statement cannot be read")?.syntax()),
    };
    Ok(Found {
        table,
        relation: dotted(&path),
        name,
        condition,
    })
}

/// Refuses what says something of all rows together.
fn check_rows(select: &ast::Select) -> Result<(), &'static str> {
    let quantifier = select
        .select_clause()
        .and_then(|clause| clause.select_quantifier());
    if matches!(quantifier, Some(ast::SelectQuantifier::DistinctClause(_))) {
        return Err(
            "DISTINCT needs all rows at once: use ON CONFLICT DO NOTHING, or leave out the batches",
        );
    }
    if select.group_by_clause().is_some() || select.having_clause().is_some() {
        return Err("GROUP BY and HAVING need all rows at once");
    }
    for tail in select.tail_clauses() {
        match tail {
            ast::SelectTailClause::OrderByClause(_) => {
                return Err("ORDER BY has no meaning in batches: take it away");
            }
            ast::SelectTailClause::LimitClause(_)
            | ast::SelectTailClause::OffsetClause(_)
            | ast::SelectTailClause::FetchClause(_) => {
                return Err(
                    "LIMIT, OFFSET and FETCH would count in each batch anew: take them away",
                );
            }
            ast::SelectTailClause::LockingClause(_) => {}
        }
    }
    let targets = select.select_clause();
    for call in targets
        .iter()
        .flat_map(|clause| clause.syntax().descendants())
    {
        if !is_of(&call, select.syntax()) {
            continue;
        }
        if call.kind() == SyntaxKind::OVER_CLAUSE {
            return Err("window functions need all rows at once");
        }
        if is_aggregate(&call) {
            return Err("aggregates need all rows at once");
        }
    }
    Ok(())
}

/// Whether no other query lies between a node and the query.
fn is_of(node: &SyntaxNode, select: &SyntaxNode) -> bool {
    let mut queries = node
        .ancestors()
        .filter(|above| ast::SelectVariant::can_cast(above.kind()));
    queries.next().is_some_and(|query| query == *select)
}

fn is_aggregate(node: &SyntaxNode) -> bool {
    match node.kind() {
        SyntaxKind::FILTER_CLAUSE
        | SyntaxKind::WITHIN_CLAUSE
        | SyntaxKind::JSON_OBJECT_AGG_FN
        | SyntaxKind::JSON_ARRAY_AGG_FN => true,
        SyntaxKind::CALL_EXPR => {
            let called = ast::CallExpr::cast(node.clone()).and_then(|call| call.expr());
            let text = called.map(|called| called.syntax().text().to_string());
            let name = text
                .as_deref()
                .map(|text| crate::sql::fold(text.rsplit('.').next().unwrap_or(text).trim()));
            name.is_some_and(|name| {
                AGGREGATES.contains(&name.as_str())
                    || ["stddev_", "var_"]
                        .iter()
                        .any(|begin| name.starts_with(begin))
            })
        }
        _ => false,
    }
}

/// The first table of a FROM: its place, its name's parts, and what the query calls it.
type First = (std::ops::Range<usize>, Vec<String>, String);

fn first_table(item: ast::FromListItem) -> Result<First, &'static str> {
    const FIRST: &str = "the first of its FROM must be a table, whose key is cut into ranges";
    let relation = match item {
        ast::FromListItem::FromItem(ast::FromItem::RelationFromItem(relation)) => relation,
        ast::FromListItem::FromItem(_) => return Err(FIRST),
        ast::FromListItem::JoinExpr(joined) => {
            let how = joined.join().and_then(|join| join.join_type());
            if matches!(
                how,
                Some(ast::JoinType::JoinRight(_) | ast::JoinType::JoinFull(_))
            ) {
                return Err("RIGHT and FULL JOIN give rows that have no key: turn the join round");
            }
            return first_table(joined.from_list_item().ok_or(FIRST)?);
        }
    };
    if relation.lateral_token().is_some() || relation.tablesample_clause().is_some() {
        return Err(FIRST);
    }
    let name = relation.relation_name_ref().ok_or(FIRST)?;
    let alias = relation.alias();
    if alias
        .as_ref()
        .is_some_and(|alias| alias.columns().is_some())
    {
        return Err(
            "the alias of its first table renames columns, so that the key cannot be told: give it no columns",
        );
    }
    let called = match alias.and_then(|alias| alias.name()) {
        Some(alias) => segments(alias.syntax()).pop(),
        None => segments(name.syntax()).pop(),
    };
    let path = segments(name.syntax());
    let start = bytes(relation.syntax()).start;
    let star = relation
        .star_token()
        .map(|star| star.text_range().end().into());
    let end = star.unwrap_or_else(|| bytes(name.syntax()).end);
    Ok((start..end, path, called.ok_or(FIRST)?))
}
