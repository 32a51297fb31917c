//! Changes of every kind, and some that are refused.

/// A kind, its fields, and words.
pub type Refused = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// A change of each kind.
pub const CHANGES: &[(&str, &[(&str, &str)])] = &[
    ("rename-column", &[("column", "tier"), ("to", "plan")]),
    (
        "require-column",
        &[("column", "note"), ("fill", "'none'"), ("default", "''")],
    ),
    (
        "add-column",
        &[
            ("column", "seen"),
            ("type", "integer"),
            ("default", "0"),
            ("required", "yes"),
        ],
    ),
    (
        "add-column",
        &[
            ("column", "token"),
            ("type", "uuid"),
            ("default", "gen_random_uuid()"),
            ("required", "yes"),
        ],
    ),
    (
        "add-column",
        &[
            ("column", "loud"),
            ("type", "text"),
            ("fill", "upper(tier)"),
        ],
    ),
    (
        "add-check",
        &[("name", "tier_known"), ("condition", "tier <> ''")],
    ),
    (
        "add-foreign-key",
        &[
            ("columns", "author"),
            ("to", "people"),
            ("actions", "ON DELETE SET NULL"),
        ],
    ),
    ("add-unique", &[("columns", "author, note")]),
    ("add-primary-key", &[("columns", "author, id")]),
    (
        "replace-index",
        &[("index", "reports_tier"), ("definition", "(tier, id)")],
    ),
    (
        "replace-index",
        &[
            ("index", "reports_tier"),
            ("definition", "USING btree (lower(tier)) WHERE id > 5"),
            ("unique", "yes"),
            ("name", "\"Odd\""),
        ],
    ),
    (
        "add-exclusion",
        &[(
            "definition",
            "USING gist (daterange(seen_at, seen_at, '[]') WITH &&)",
        )],
    ),
    (
        "add-generated",
        &[
            ("column", "low"),
            ("type", "text"),
            ("expression", "lower(tier)"),
            ("stored", "yes"),
        ],
    ),
    ("rename-table", &[("to", "\"The Reports\"")]),
    ("change-type", &[("column", "id"), ("type", "integer")]),
    (
        "change-type",
        &[
            ("column", "tier"),
            ("type", "varchar(20)"),
            ("up", "left(tier, 20)"),
            ("to", "plan"),
        ],
    ),
    (
        "rename-enum-value",
        &[
            ("column", "level"),
            ("value", "gold"),
            ("to", "paid"),
            ("name", "plan"),
        ],
    ),
    (
        "remove-enum-value",
        &[
            ("column", "level"),
            ("value", "gold"),
            ("replacement", "'it''s'"),
        ],
    ),
    (
        "split-column",
        &[
            ("column", "tier"),
            ("to", "first, last"),
            ("up", "split_part(tier, ' ', 1), split_part(tier, ' ', 2)"),
            ("down", "first || ' ' || last"),
        ],
    ),
    (
        "merge-columns",
        &[
            ("columns", "note, author"),
            ("to", "line"),
            ("type", "text"),
            ("up", "note || ' by ' || author"),
            (
                "down",
                "split_part(line, ' by ', 1), split_part(line, ' by ', 2)::bigint",
            ),
        ],
    ),
    (
        "move-column",
        &[("column", "remark"), ("to", "shipments"), ("name", "note")],
    ),
    (
        "move-column",
        &[("column", "state"), ("to", "shipments"), ("fill", "''")],
    ),
    ("add-identity", &[("column", "number")]),
    (
        "attach-partition",
        &[
            ("partition", "events_2026"),
            ("bound", "FROM ('2026-01-01') TO ('2027-01-01')"),
        ],
    ),
    ("drop-column", &[("column", "note")]),
    ("drop-column", &[("column", "tier"), ("fill", "'none'")]),
    ("drop-table", &[]),
];

/// What is refused, with words of the sentence that says why.
pub const REFUSED: &[Refused] = &[
    (
        "require-column",
        &[("column", "tier")],
        "is NOT NULL already",
    ),
    (
        "require-column",
        &[("column", "note")],
        "has no default: say with `fill`",
    ),
    (
        "require-column",
        &[("column", "note"), ("fill", "(SELECT 1)")],
        "reads other rows",
    ),
    (
        "require-column",
        &[("column", "note"), ("fill", "1 -- x")],
        "has a comment",
    ),
    (
        "require-column",
        &[("column", "note"), ("fill", "reports.tier")],
        "names the table",
    ),
    (
        "add-column",
        &[("column", "tier"), ("type", "text")],
        "has a column tier already",
    ),
    (
        "add-column",
        &[("column", "more"), ("type", "text"), ("required", "yes")],
        "give a default",
    ),
    (
        "add-column",
        &[("column", "more"), ("type", "bigserial")],
        "makes a sequence of its own",
    ),
    (
        "add-column",
        &[("column", "more"), ("type", "text; DROP TABLE reports")],
        "has a semicolon",
    ),
    (
        "add-check",
        &[("name", "reports_pkey"), ("condition", "true")],
        "has a constraint or index reports_pkey already",
    ),
    (
        "add-foreign-key",
        &[
            ("columns", "author"),
            ("to", "people"),
            ("to_columns", "a, b"),
        ],
        "give as many columns",
    ),
    (
        "add-foreign-key",
        &[
            ("columns", "author"),
            ("to", "people"),
            ("actions", "ON DELETE MAYBE"),
        ],
        "cannot be read",
    ),
    (
        "add-unique",
        &[("columns", "nobody")],
        "reports has no column nobody: it has id, tier, note, author, seen_at",
    ),
    (
        "add-primary-key",
        &[("columns", "id")],
        "nothing has to be changed",
    ),
    (
        "add-exclusion",
        &[("definition", "USING gist (note WITH ="), ("name", "alone")],
        "the definition `USING gist (note WITH =`",
    ),
    (
        "replace-index",
        &[("index", "reports_pkey"), ("definition", "(id)")],
        "belongs to the constraint reports_pkey",
    ),
    (
        "replace-index",
        &[("index", "nobody"), ("definition", "(id)")],
        "it has reports_pkey, reports_tier",
    ),
    (
        "drop-column",
        &[("column", "id")],
        "is part of the primary key",
    ),
    (
        "add-generated",
        &[
            ("column", "low"),
            ("type", "text"),
            ("expression", "(SELECT max(tier) FROM reports)"),
        ],
        "reads other rows",
    ),
    (
        "attach-partition",
        &[
            ("partition", "more"),
            ("bound", "WITH (modulus 2, remainder 0)"),
        ],
        "say it as `condition`",
    ),
    (
        "rename-table",
        &[("to", "reports")],
        "has that name already",
    ),
    (
        "split-column",
        &[
            ("column", "tier"),
            ("to", "first, last"),
            ("up", "tier"),
            ("down", "first"),
        ],
        "give as many values in `up`",
    ),
    (
        "merge-columns",
        &[
            ("columns", "id, note"),
            ("to", "line"),
            ("type", "text"),
            ("up", "note"),
            ("down", "1, line"),
        ],
        "is part of the key",
    ),
    (
        "move-column",
        &[("column", "remark"), ("to", "orders")],
        "is the table that the column is in",
    ),
    (
        "move-column",
        &[("column", "remark"), ("to", "people")],
        "there is no foreign key between orders and people whose columns are unique",
    ),
    (
        "move-column",
        &[("column", "remark"), ("to", "shipments"), ("on", "other")],
        "other is no foreign key between orders and shipments",
    ),
    (
        "move-column",
        &[("column", "state"), ("to", "shipments")],
        "is NOT NULL and has no default",
    ),
    (
        "move-column",
        &[
            ("column", "remark"),
            ("to", "shipments"),
            ("name", "weight"),
        ],
        "shipments has a column weight already",
    ),
    (
        "move-column",
        &[("column", "remark"), ("to", "shipments"), ("fill", "now()")],
        "another value each time",
    ),
    (
        "move-column",
        &[("column", "id"), ("to", "shipments")],
        "is part of the key",
    ),
    (
        "rename-enum-value",
        &[
            ("column", "level"),
            ("value", "silver"),
            ("to", "paid"),
            ("name", "plan"),
        ],
        "level has no value 'silver': it has 'free', 'gold', 'it''s'",
    ),
    (
        "rename-enum-value",
        &[
            ("column", "level"),
            ("value", "gold"),
            ("to", "free"),
            ("name", "plan"),
        ],
        "has a value 'free' already: remove 'gold' instead",
    ),
    (
        "remove-enum-value",
        &[("column", "id"), ("value", "gold"), ("replacement", "free")],
        "plans.id is bigint, which is no enum",
    ),
    (
        "remove-enum-value",
        &[
            ("column", "level"),
            ("value", "gold"),
            ("replacement", "gold"),
        ],
        "cannot stand in its own place",
    ),
    (
        "drop-column",
        &[("column", "seen_at")],
        "reports.seen_at is used by policy lately on reports, view seen, function last_seen()",
    ),
    (
        "change-type",
        &[("column", "seen_at"), ("type", "timestamptz")],
        "is used by policy lately on reports, view seen:",
    ),
    (
        "split-column",
        &[
            ("column", "seen_at"),
            ("to", "first, last"),
            ("up", "seen_at, seen_at"),
            ("down", "first"),
        ],
        "view seen",
    ),
];
