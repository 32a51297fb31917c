//! The selected revision: what it is, what it does in both directions, and what can be done with it.

use super::Shown;
use super::row::{Has, day, needs_python, no_downgrade};
use super::schema::Schema;
use super::statements::Statements;
use crate::js::editor::{Editor, Language, Options};
use crate::js::offset::utf16;
use crate::pages::remote::CopyButton;
use crate::pages::write::{address, line_at};
use crate::state::judging::{self, Judged};
use crate::state::state;
use cofferdam_engine::change;
use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use cofferdam_engine::sql;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Detail(shown: Shown) -> impl IntoView {
    let state = state();
    let script = Memo::new(move |_| {
        let key = shown.selected.get()?;
        state
            .with_drafts
            .with(|it| address::script(it.as_ref()?, &key).cloned())
    });
    move || {
        match (script.get(), shown.selected.get()) {
        (Some(script), Some(key)) => view! { <Revision shown key script /> }.into_any(),
        (None, Some(id)) if state.workspace.read().is_some() => view! {
            <div class="empty">
                <h2>"There is no revision " <code>{id}</code></h2>
                <p>"No file of this project has it. It may be a draft in another browser, or on another branch of the repository."</p>
            </div>
        }
        .into_any(),
        (None, None) if state.workspace.read().is_some() => view! {
            <div class="empty">
                <h2>"Choose a revision"</h2>
                <p>"Click a row, or press " <kbd>"j"</kbd> ". Shift-click another to select a range."</p>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    }
    }
}

#[component]
fn Revision(shown: Shown, key: String, script: Script) -> impl IntoView {
    let state = state();
    let query = use_query_map();
    let tab = Memo::new(move |_| query.read().get("tab").unwrap_or_else(|| "upgrade".into()));
    let revision = script.revision.clone();
    let id = revision.id.to_string();
    let row = shown
        .rows
        .with_untracked(|rows| rows.position(&key).and_then(|at| rows.all.get(at).cloned()));
    // None where the files make no history.
    let children: Option<Vec<RevisionId>> = state.with_drafts.with_untracked(|it| {
        let history = it.as_ref().and_then(|it| it.history.as_ref().ok());
        history.map(|history| history.children(&revision.id))
    });
    let in_history = children.is_some();
    let parent = revision
        .down
        .first()
        .map_or_else(|| "base".to_owned(), ToString::to_string);
    let count = |direction| {
        let unreadable = script
            .body(direction)
            .map_or(0, |body| body.unreadable.len());
        sql::split(revision.sql(direction)).statements.len() + unreadable
    };
    let (ups, downs) = (count(Direction::Upgrade), count(Direction::Downgrade));
    let findings: Vec<Finding> = state.with_drafts.with_untracked(|it| {
        it.as_ref()
            .map(|it| it.findings_of(&script.path).cloned().collect())
            .unwrap_or_default()
    });
    let changed: Vec<String> = row
        .as_ref()
        .map(|row| {
            row.marks
                .iter()
                .filter(|(_, has)| *has == Has::Changed)
                .map(|(name, _)| name.clone())
                .collect()
        })
        .unwrap_or_default();
    let tabs = [
        (
            "upgrade",
            "Upgrade",
            Some(ups),
            worst(&script, Direction::Upgrade, &findings),
        ),
        (
            "downgrade",
            "Downgrade",
            Some(downs),
            worst(&script, Direction::Downgrade, &findings),
        ),
        ("catalog", "Catalog", None, None),
        ("file", "File", None, None),
    ];
    let base = format!("/history/{key}");
    let link = {
        let origin = gloo::utils::window()
            .location()
            .origin()
            .unwrap_or_default();
        format!("{origin}{base}")
    };
    let message = if revision.message.is_empty() {
        "No message".to_owned()
    } else {
        revision.message.clone()
    };
    let links = |ids: &[RevisionId]| {
        ids.iter()
            .map(|id| view! { <a href=format!("/history/{id}") title=id.to_string()><code>{id.short().to_owned()}</code></a> " " })
            .collect_view()
    };
    // What is about a statement stands on its card.
    let problems: Vec<Finding> = findings
        .iter()
        .filter(|finding| statement_of(&script, finding).is_none())
        .cloned()
        .collect();
    let python = python_band(&script);
    let word = StoredValue::new(key.clone());
    let script = StoredValue::new(script);
    let findings = StoredValue::new(findings);
    let judged = Memo::new(move |_| {
        script.with_value(|script| {
            state.with_drafts.with(|it| {
                let workspace = it.as_ref()?;
                let text = workspace.files.get(&script.path)?.text();
                Some(judging::judge(workspace, script, &text))
            })
        })
    });
    view! {
        <header class="head">
            <a class="back" href="/history">
                "All revisions"
            </a>
            <h1>{message}</h1>
            <div class="meta">
                <code>{id.clone()}</code>
                <CopyButton text=Signal::stored(id.clone()) label="Copy id" />
                <CopyButton text=Signal::stored(link) label="Copy link" />
                {row
                    .as_ref()
                    .map(|row| {
                        row.badges
                            .iter()
                            .map(|(class, words)| view! { <span class=format!("badge {class}")>{words.clone()}</span> })
                            .collect_view()
                    })}
            </div>
            <dl class="facts">
                <dt>"After"</dt>
                <dd>{if revision.down.is_empty() { "nothing: a base".into_any() } else { links(&revision.down).into_any() }}</dd>
                {children
                    .map(|children| {
                        let after = if children.is_empty() { "nothing: a head".into_any() } else { links(&children).into_any() };
                        view! { <dt>"Before"</dt><dd>{after}</dd> }
                    })}
                {(!revision.depends_on.is_empty())
                    .then(|| view! { <dt>"Depends on"</dt><dd><code>{revision.depends_on.join(", ")}</code></dd> })}
                {(!revision.branch_labels.is_empty())
                    .then(|| view! { <dt>"Labels"</dt><dd>{revision.branch_labels.join(", ")}</dd> })}
                {change::of_revision(&revision)
                    .map(|(id, phase)| {
                        view! {
                            <dt>"Change"</dt>
                            <dd>
                                <a href=format!("/changes/{id}")>{id.to_string()}</a>
                                ", " {phase.as_str()}
                            </dd>
                        }
                    })}
                {revision.author.clone().map(|author| view! { <dt>"Author"</dt><dd>{author}</dd> })}
                {revision
                    .create_date
                    .clone()
                    .map(|date| view! { <dt>"Created"</dt><dd title=date.clone()>{day(&date)}</dd> })}
                <dt>"File"</dt>
                <dd>
                    <code class="path">{script.with_value(|script| script.path.clone())}</code>
                </dd>
            </dl>
            {(!revision.description.is_empty()).then(|| view! { <p class="about">{revision.description.join("\n")}</p> })}
            <div class="actions">
                {in_history
                    .then(|| {
                        view! {
                            <a class="btn pri" href=format!("/dry-run?from={parent}&to={id}")>
                                "Dry-run it"
                            </a>
                        }
                    })}
                <a class="btn" class:pri=!in_history href=format!("/write/{key}")>
                    "Edit"
                </a>
                {in_history
                    .then(|| {
                        view! {
                            <a class="btn" href=format!("/write/new?after={id}")>
                                "New revision after this"
                            </a>
                            <a class="btn" href=format!("/plans?kind=upgrade&target={id}")>
                                "Plan up to here"
                            </a>
                        }
                    })}
            </div>
        </header>
        {python}
        {changed
            .into_iter()
            .map(|name| {
                view! {
                    <p class="band caution">
                        "The file has changed since it was applied in "<b>{name}</b>". What ran there is not what stands here."
                    </p>
                }
            })
            .collect_view()}
        {problems
            .into_iter()
            .map(|finding| {
                let class = if finding.severity == Severity::Error { "band danger" } else { "band caution" };
                view! {
                    <p class=class>
                        <b>"Line "{finding.line}": "</b>
                        {finding.message.clone()}
                        " "
                        <code>{finding.code.to_string()}</code>
                    </p>
                }
            })
            .collect_view()}
        <nav class="tabs" aria-label="Parts of the revision">
            {tabs
                .into_iter()
                .map(|(key, words, count, worst)| {
                    let address = format!("{base}?tab={key}");
                    view! {
                        <a
                            href=address
                            class:on=move || *tab.read() == key
                            aria-current=move || if *tab.read() == key { "page" } else { "false" }
                        >
                            {words}
                            {count.map(|count| view! { <span class="n">{count}</span> })}
                            {worst
                                .map(|severity| match severity {
                                    Severity::Error => view! { <span class="badge des">"error"</span> },
                                    _ => view! { <span class="badge caution">"warning"</span> },
                                })}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        <div class="body">
            {move || {
                let script = script.get_value();
                match tab.get().as_str() {
                    "downgrade" => view! { <Section script key=word.get_value() direction=Direction::Downgrade findings=findings.get_value() judged /> }.into_any(),
                    "catalog" => match in_history {
                        true => view! { <Schema id=script.revision.id.clone() /> }.into_any(),
                        false => view! { <p class="empty">"The files make no history, so there is no schema to compute."</p> }.into_any(),
                    },
                    "file" => view! { <WholeFile path=script.path /> }.into_any(),
                    _ => view! { <Section script key=word.get_value() direction=Direction::Upgrade findings=findings.get_value() judged /> }.into_any(),
                }
            }}
        </div>
    }
}

#[component]
fn Section(
    script: Script,
    key: String,
    direction: Direction,
    findings: Vec<Finding>,
    judged: Memo<Option<Judged>>,
) -> impl IntoView {
    use cofferdam_engine::revision::Downgrade;
    let revision = &script.revision;
    if let (Direction::Downgrade, Downgrade::Impossible { reason }) =
        (direction, &revision.downgrade)
    {
        return view! { <p class="empty">"Its author says that it cannot be undone: "{reason.clone()}</p> }.into_any();
    }
    if direction == Direction::Downgrade && no_downgrade(&script) {
        let how = match script.python {
            Some(_) => view! { "Write its "<code>"downgrade()"</code>", or let that raise "<code>"NotImplementedError"</code>" with the reason." }.into_any(),
            None => view! { "Write its "<code>"-- +downgrade"</code>" section, or say "<code>"-- +downgrade none: reason"</code>"." }.into_any(),
        };
        return view! {
            <div class="empty">
                <h2>"No downgrade"</h2>
                <p>
                    "This revision cannot be undone as it stands. "
                    {how}
                </p>
                <a class="btn" href=format!("/write/{}", revision.id)>
                    "Edit it"
                </a>
            </div>
        }
        .into_any();
    }
    let known = script
        .body(direction)
        .is_none_or(|body| body.unreadable.is_empty());
    if known && sql::split(revision.sql(direction)).statements.is_empty() {
        let words = if revision.is_merge() {
            "A merge changes nothing but the history."
        } else {
            "Nothing runs in this direction."
        };
        return view! { <p class="empty">{words}</p> }.into_any();
    }
    view! { <Statements script key direction findings judged=judged.get() /> }.into_any()
}

/// What to do where a part of a Python file cannot be known.
fn python_band(script: &Script) -> Option<impl IntoView + use<>> {
    let parts = needs_python(script);
    let words = match parts {
        0 => return None,
        1 => "1 part needs Python.".to_owned(),
        n => format!("{n} parts need Python."),
    };
    Some(view! {
        <p class="band caution">
            <b>{words}</b>
            " Cofferdam cannot apply this revision: run it with Alembic, or stamp it."
        </p>
    })
}

/// The section that has the statement which `finding` is about.
fn statement_of(script: &Script, finding: &Finding) -> Option<Direction> {
    [Direction::Upgrade, Direction::Downgrade]
        .into_iter()
        .find(|direction| {
            let offset = script.offset(*direction);
            let split = sql::split(script.revision.sql(*direction));
            split.statements.iter().any(|statement| {
                let range = &statement.range;
                (offset + range.start..offset + range.end).contains(&finding.start)
            })
        })
}

/// The worst of what is said of the statements of a section, where it is more than advice.
fn worst(script: &Script, direction: Direction, findings: &[Finding]) -> Option<Severity> {
    let its = findings
        .iter()
        .filter(|finding| statement_of(script, finding) == Some(direction));
    its.map(|finding| finding.severity)
        .filter(|severity| *severity != Severity::Note)
        .max()
}

/// The whole file, to read and to search.
#[component]
fn WholeFile(path: String) -> impl IntoView {
    let state = state();
    let place = NodeRef::<Div>::new();
    let editor = StoredValue::new_local(None::<Editor>);
    let trouble = RwSignal::new(None::<String>);
    let text = state.with_drafts.with_untracked(|it| {
        it.as_ref()
            .and_then(|it| it.files.get(&path))
            .map(|file| file.text())
            .unwrap_or_default()
    });
    let shown = text.clone();
    // The line that the address asks for.
    let query = use_query_map();
    let line = Memo::new(move |_| query.read().get("line")?.parse::<u32>().ok());
    let lines = text.clone();
    let offset = move |line: u32| utf16(&lines, line_at(&lines, line).0);
    let go = offset.clone();
    Effect::new(move |_| {
        if let Some(line) = line.get() {
            editor.with_value(|editor| {
                if let Some(editor) = editor {
                    editor.go_to(go(line));
                }
            });
        }
    });
    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        let options = Options {
            doc: shown.clone(),
            label: format!("The file {path}"),
            language: Language::of(&path),
            read_only: true,
            ..Options::default()
        };
        let start = line.get_untracked().map(&offset);
        spawn_local(async move {
            match Editor::mount(&element, &options, |_| {}).await {
                Ok(mounted) => {
                    if let Some(start) = start {
                        mounted.go_to(start);
                    }
                    // The page may have gone on meanwhile.
                    let _ = editor.try_set_value(Some(mounted));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    });
    view! {
        <div class="file" node_ref=place></div>
        {move || trouble.get().map(|words| view! { <p class="band caution">{words}</p> })}
        <CopyButton text=Signal::stored(text) label="Copy the file" />
    }
}
