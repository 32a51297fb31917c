//! Short names of statements, for lists.

use super::reader::Reader;
use squawk_lexer::TokenKind;

/// Longest label in characters.
const MAX_LABEL: usize = 60;

/// Longest label of a statement with several actions, which are all named.
const MAX_ACTIONS: usize = 240;

/// Words that may stand between a verb and the name of what it is about.
const KINDS: &[&str] = &[
    "access",
    "aggregate",
    "cast",
    "class",
    "collation",
    "column",
    "concurrently",
    "configuration",
    "constraint",
    "conversion",
    "data",
    "database",
    "default",
    "dictionary",
    "domain",
    "event",
    "extension",
    "family",
    "foreign",
    "function",
    "global",
    "group",
    "index",
    "language",
    "large",
    "local",
    "mapping",
    "materialized",
    "method",
    "object",
    "operator",
    "parser",
    "policy",
    "privileges",
    "procedural",
    "procedure",
    "publication",
    "recursive",
    "role",
    "routine",
    "rule",
    "schema",
    "search",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "system",
    "table",
    "tablespace",
    "temp",
    "template",
    "temporary",
    "text",
    "transform",
    "trigger",
    "trusted",
    "type",
    "unique",
    "unlogged",
    "user",
    "view",
    "wrapper",
];

/// Names `statement` in at most about sixty characters, or all actions of an ALTER in at most 240.
pub(super) fn label(statement: &str) -> String {
    let mut reader = Reader::new(statement);
    let mut label = Label::default();
    if let Some(verb) = [
        "create", "drop", "alter", "comment", "truncate", "refresh", "reindex",
    ]
    .into_iter()
    .find(|verb| reader.eat(verb))
    {
        label.keyword(verb);
        let named = object(&mut reader, &mut label);
        match verb {
            "create" => on_table(&mut reader, &mut label, named),
            "alter" => actions(&mut reader, &mut label),
            _ => {}
        }
    } else if reader.eat("update") {
        label.keyword("update");
        reader.eat("only");
        label.name(&mut reader);
    } else if reader.eat_all(&["insert", "into"]) {
        label.keyword("insert into");
        label.name(&mut reader);
    } else if reader.eat_all(&["delete", "from"]) {
        label.keyword("delete from");
        reader.eat("only");
        label.name(&mut reader);
    } else if reader.eat("do") {
        label.keyword("do");
    } else if label.text(&mut reader) {
        label.more();
    }
    label.finish()
}

/// The kind and the name of what CREATE, DROP, ALTER or COMMENT is about. Returns whether it has a
/// name.
fn object(reader: &mut Reader, label: &mut Label) -> bool {
    if reader.eat_all(&["or", "replace"]) {
        label.keyword("or replace");
    }
    if reader.eat("on") {
        label.keyword("on");
    }
    while let Some(kind) = KINDS.iter().find(|kind| reader.is(kind)) {
        reader.skip();
        label.keyword(kind);
    }
    if !reader.eat_all(&["if", "not", "exists"]) {
        reader.eat_all(&["if", "exists"]);
    }
    reader.eat("only");
    let named = !reader.is("on") && label.name(reader);
    if reader.is_kind(TokenKind::Comma) {
        label.more();
    }
    named
}

/// The table that a trigger, rule, policy or nameless index stands on.
fn on_table(reader: &mut Reader, label: &mut Label, named: bool) {
    let on = if label.has("RULE") { "to" } else { "on" };
    let about = ["TRIGGER", "RULE", "POLICY"]
        .iter()
        .any(|kind| label.has(kind));
    if !about && (named || !label.has("INDEX")) {
        return;
    }
    while !reader.is_end() {
        if reader.eat(on) {
            reader.eat("only");
            label.keyword(on);
            label.name(reader);
            return;
        }
        reader.skip();
    }
}

/// What an ALTER does: its one action in full, or of several the verb and the name of each.
fn actions(reader: &mut Reader, label: &mut Label) {
    let listed = label.has("TABLE") || label.has("TYPE");
    if !listed || top_level_comma(reader).is_none() {
        action(reader, label, false);
        if top_level_comma(reader).is_some() {
            label.more();
        }
        return;
    }
    label.most = MAX_ACTIONS;
    let mut before = String::new();
    loop {
        let mut next = Label::default();
        action(reader, &mut next, true);
        label.cut |= next.cut;
        if next.words != before {
            if !before.is_empty() {
                label.words.push(',');
            }
            label.push(&next.words);
            before = next.words;
        }
        let Some(comma) = top_level_comma(reader) else {
            return;
        };
        if label.words.len() > MAX_ACTIONS {
            return label.more();
        }
        for _ in 0..=comma {
            reader.skip();
        }
    }
}

/// How many tokens stand before the next comma between a statement's parts.
fn top_level_comma(reader: &mut Reader) -> Option<usize> {
    let mut depth = 0usize;
    reader.rest().position(|(token, _)| {
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
            TokenKind::CloseParen | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == TokenKind::Comma
    })
}

/// The next action of an ALTER; where it is one of several, `briefly`.
fn action(reader: &mut Reader, label: &mut Label, briefly: bool) {
    for verb in [
        "add", "drop", "alter", "rename", "validate", "attach", "detach",
    ] {
        if !reader.eat(verb) {
            continue;
        }
        label.keyword(verb);
        let mut to_name = verb == "add" || verb == "drop" || briefly;
        for kind in ["column", "constraint", "partition", "value", "attribute"] {
            if reader.eat(kind) {
                label.keyword(kind);
                to_name |= kind != "column";
            }
        }
        if !reader.eat_all(&["if", "not", "exists"]) {
            reader.eat_all(&["if", "exists"]);
        }
        let kinds = ["primary", "foreign", "check", "unique", "exclude"];
        if !to_name || reader.is_any(&kinds) || !label.name(reader) {
            label.text(reader);
        }
        return;
    }
    label.text(reader);
}

/// The words of a label.
struct Label {
    words: String,
    /// Its most characters.
    most: usize,
    /// The label does not say all.
    cut: bool,
}

impl Default for Label {
    fn default() -> Self {
        Label {
            words: String::new(),
            most: MAX_LABEL,
            cut: false,
        }
    }
}

impl Label {
    fn push(&mut self, text: &str) {
        if !self.words.is_empty() {
            self.words.push(' ');
        }
        self.words.push_str(text);
    }

    fn keyword(&mut self, word: &str) {
        self.push(&word.to_ascii_uppercase());
    }

    /// Adds the name that stands next, where one does.
    fn name(&mut self, reader: &mut Reader) -> bool {
        let name = reader.name();
        if let Some(name) = &name {
            self.push(name);
        }
        name.is_some()
    }

    fn has(&self, word: &str) -> bool {
        self.words.split(' ').any(|have| have == word)
    }

    fn more(&mut self) {
        self.cut = true;
    }

    /// Adds what is left of the statement, up to a comma between its parts. Returns whether there is one.
    fn text(&mut self, reader: &mut Reader) -> bool {
        let mut end = None;
        let comma = top_level_comma(reader);
        for (token, text) in reader.rest().take(comma.unwrap_or(usize::MAX)) {
            if token.kind == TokenKind::Semi {
                break;
            }
            let apart = end.is_none_or(|end| end < token.range.start);
            if !self.words.is_empty() && apart {
                self.words.push(' ');
            }
            let one_line = text.split(['\n', '\r']).next().unwrap_or_default();
            self.words.push_str(one_line);
            if one_line.len() < text.len() || self.words.len() > MAX_ACTIONS {
                self.cut = true;
                break;
            }
            end = Some(token.range.end);
        }
        comma.is_some()
    }

    fn finish(self) -> String {
        let Label {
            mut words,
            most,
            cut,
        } = self;
        let cut = match words.char_indices().nth(most) {
            Some((at, _)) => {
                words.truncate(at);
                true
            }
            None => cut,
        };
        if cut {
            format!("{} …", words.trim_end())
        } else {
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ACTIONS, label};

    #[test]
    fn statements_have_short_names() {
        for (sql, want) in [
            ("CREATE TABLE users (id int);", "CREATE TABLE users"),
            (
                "create table if not exists s.\"U\" (id int)",
                "CREATE TABLE s.\"U\"",
            ),
            (
                "-- a\nALTER TABLE users ADD COLUMN phone text;",
                "ALTER TABLE users ADD COLUMN phone",
            ),
            (
                "ALTER TABLE ONLY users DROP COLUMN IF EXISTS a;",
                "ALTER TABLE users DROP COLUMN a",
            ),
            (
                "ALTER TABLE a ADD b int, DROP c;",
                "ALTER TABLE a ADD b, DROP c",
            ),
            (
                "ALTER TABLE a\n  ADD COLUMN b numeric(8, 2),\n  ALTER COLUMN c DROP DEFAULT,\n  ALTER COLUMN c TYPE int,\n  DROP COLUMN IF EXISTS d CASCADE,\n  ADD CHECK (b > 0), OWNER TO e;",
                "ALTER TABLE a ADD COLUMN b, ALTER COLUMN c, DROP COLUMN d, ADD CHECK (b > 0), OWNER TO e",
            ),
            (
                "ALTER TYPE t ADD ATTRIBUTE a int, DROP ATTRIBUTE b;",
                "ALTER TYPE t ADD ATTRIBUTE a, DROP ATTRIBUTE b",
            ),
            (
                "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO r;",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT …",
            ),
            (
                "ALTER TABLE a ALTER COLUMN b SET NOT NULL;",
                "ALTER TABLE a ALTER COLUMN b SET NOT NULL",
            ),
            (
                "ALTER TABLE a ALTER b TYPE int USING b::int;",
                "ALTER TABLE a ALTER b TYPE int USING b::int",
            ),
            (
                "ALTER TABLE a ADD CONSTRAINT c CHECK (d);",
                "ALTER TABLE a ADD CONSTRAINT c",
            ),
            (
                "ALTER TABLE a ADD PRIMARY KEY (id);",
                "ALTER TABLE a ADD PRIMARY KEY (id)",
            ),
            ("ALTER TABLE a RENAME TO b;", "ALTER TABLE a RENAME TO b"),
            ("ALTER TYPE t ADD VALUE 'x';", "ALTER TYPE t ADD VALUE 'x'"),
            ("UPDATE users SET a = 1;", "UPDATE users"),
            ("INSERT INTO s.t VALUES (1);", "INSERT INTO s.t"),
            ("DELETE FROM ONLY t;", "DELETE FROM t"),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY ix_a ON t (a);",
                "CREATE UNIQUE INDEX CONCURRENTLY ix_a",
            ),
            ("CREATE INDEX ON t (a);", "CREATE INDEX ON t"),
            (
                "CREATE TRIGGER tr BEFORE UPDATE ON t EXECUTE FUNCTION f();",
                "CREATE TRIGGER tr ON t",
            ),
            (
                "CREATE OR REPLACE FUNCTION f(a int) RETURNS int",
                "CREATE OR REPLACE FUNCTION f",
            ),
            ("DROP TABLE a, b;", "DROP TABLE a …"),
            ("COMMENT ON TABLE t IS 'x';", "COMMENT ON TABLE t"),
            (
                "REFRESH MATERIALIZED VIEW CONCURRENTLY v;",
                "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            ),
            ("DO $$ BEGIN END $$;", "DO"),
            ("VACUUM  (ANALYZE)\n t;", "VACUUM (ANALYZE) t"),
            ("SET lock_timeout = '1s';", "SET lock_timeout = '1s'"),
            ("", ""),
        ] {
            assert_eq!(label(sql), want, "{sql}");
        }
    }

    #[test]
    fn labels_are_cut() {
        let long = label(&format!("SELECT '{}';", "é".repeat(500)));
        assert!(long.ends_with(" …"));
        assert_eq!(long.chars().count(), 62);
        let columns: Vec<String> = (0..1_000).map(|n| format!("DROP c{n}")).collect();
        let many = label(&format!("ALTER TABLE t {};", columns.join(", ")));
        assert!(many.starts_with("ALTER TABLE t DROP c0, DROP c1,"));
        assert!(many.ends_with(" …"));
        assert_eq!(many.chars().count(), MAX_ACTIONS + 2);
    }
}
