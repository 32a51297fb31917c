//! What the whole app shares: the open project, drafts, who is signed in, what databases have.
//!
//! Data flows one way: files and answers of the server are put in here, pages derive the rest.

pub mod drafts;
mod gathering;
pub mod judging;
pub mod kept;
pub mod look;
mod opening;
pub mod python;
mod replayed;
pub mod toast;
pub mod which;
pub mod workspace;

pub use drafts::Draft;
pub use workspace::{Origin, Workspace};

use crate::http;
use crate::js::{network, offline, python::Reader, store::Store};
use cofferdam_engine::api::{EnvironmentState, Session};
use cofferdam_engine::history::lanes;
use cofferdam_engine::offline::Transactions;
use kept::Kept;
use leptos::prelude::*;
use leptos::task::spawn_local;
use look::Look;
use std::rc::Rc;
use std::sync::Arc;
use toast::Toast;

/// The app's state: signals only, so it is copied freely.
#[derive(Clone, Copy)]
pub struct State {
    /// None until the first project is open.
    pub workspace: RwSignal<Option<Arc<Workspace>>>,
    /// None while no server has answered.
    pub session: RwSignal<Option<Session>>,
    /// No server answers.
    pub gone: RwSignal<bool>,
    /// The browser believes that there is a network.
    pub online: RwSignal<bool>,
    pub environments: RwSignal<Vec<EnvironmentState>>,
    /// Projects that were open in this browser, the newest first.
    pub kept: RwSignal<Vec<Kept>>,
    /// The server is of another build than this page: plans cannot be made until it is loaded again.
    pub outdated: Memo<bool>,
    pub drafts: RwSignal<Vec<Draft>>,
    /// The browser keeps what is put into its store.
    pub keeps: RwSignal<bool>,
    pub toasts: RwSignal<Vec<Toast>>,
    pub look: RwSignal<Look>,
    /// The app starts without a network; else why not, once that is known.
    pub offline_ready: RwSignal<Option<Result<(), String>>>,
    pub update: RwSignal<Option<offline::Update>, LocalStorage>,
    /// What takes a moment just now, in words.
    pub busy: RwSignal<Option<String>>,
    /// A folder has several Alembic projects: which one is meant?
    pub which: RwSignal<Option<which::Which>>,
    which_answer: StoredValue<Option<which::Answer>, LocalStorage>,
    store: StoredValue<Option<Rc<Store>>, LocalStorage>,
    /// Started with the first Python file.
    reader: StoredValue<Option<Rc<Reader>>, LocalStorage>,
    /// The drawing of saved revisions and drafts.
    pub rows: Memo<Arc<Vec<lanes::Row>>>,
    /// The engine's view of saved files with drafts laid over them.
    pub with_drafts: Memo<Option<Arc<Workspace>>>,
}

/// The app's state; there is one.
pub fn state() -> State {
    expect_context()
}

impl State {
    /// Makes the state and starts to fill it. Once, at the root.
    pub fn provide() -> Self {
        let workspace: RwSignal<Option<Arc<Workspace>>> = RwSignal::new(None);
        let drafts: RwSignal<Vec<Draft>> = RwSignal::new(Vec::new());
        let read_again = RwSignal::new(0_u32);
        let with_drafts = Memo::new(move |_| {
            read_again.track();
            let workspace = workspace.get()?;
            let drafts = drafts.get();
            let mine: Vec<&Draft> = drafts
                .iter()
                .filter(|draft| draft.project == workspace.key())
                .collect();
            Some(if mine.is_empty() {
                workspace
            } else {
                Arc::new(workspace.with_drafts(&mine))
            })
        });
        let rows = Memo::new(move |_| {
            let workspace = with_drafts.get();
            let history = workspace
                .as_ref()
                .and_then(|workspace| workspace.history.as_ref().ok());
            Arc::new(
                history
                    .map(|history| lanes::layout(&lanes::nodes(history)))
                    .unwrap_or_default(),
            )
        });
        let session: RwSignal<Option<Session>> = RwSignal::new(None);
        let build = offline::build();
        let outdated = Memo::new(move |_| {
            session.with(|session| {
                let server = session.as_ref().map_or("", |session| &session.build);
                !server.is_empty() && !build.is_empty() && server != build
            })
        });
        let state = State {
            workspace,
            session,
            gone: RwSignal::new(false),
            online: RwSignal::new(network::is_up()),
            environments: RwSignal::new(Vec::new()),
            kept: RwSignal::new(Vec::new()),
            outdated,
            drafts,
            keeps: RwSignal::new(true),
            toasts: RwSignal::new(Vec::new()),
            look: RwSignal::new(look::kept()),
            offline_ready: RwSignal::new(None),
            update: RwSignal::new_local(None),
            busy: RwSignal::new(None),
            which: RwSignal::new(None),
            which_answer: StoredValue::new_local(None),
            store: StoredValue::new_local(None),
            reader: StoredValue::new_local(None),
            rows,
            with_drafts,
        };
        provide_context(state);
        look::follow(state.look);
        replayed::ahead(state.workspace);
        state.listen();
        // A draft may change what others ask for.
        Effect::new(move |_| {
            let Some(waiting) = state.with_drafts.get().filter(|it| it.is_waiting) else {
                return;
            };
            spawn_local(async move {
                if !state.answered((*waiting).clone()).await.is_waiting {
                    read_again.update(|count| *count += 1);
                }
            });
        });
        spawn_local(async move {
            match Store::open().await {
                Ok(store) => state.store.set_value(Some(Rc::new(store))),
                Err(_) => state.keeps.set(false),
            }
            state.load_drafts().await;
            state.ask_session().await;
            state.open_first().await;
        });
        state
    }

    fn listen(self) {
        let watch = network::watch(move |up| {
            self.online.set(up);
            if up {
                spawn_local(async move { self.reconnect().await });
            } else {
                self.gone.set(true);
            }
        });
        StoredValue::new_local(watch);
        window_event_listener(leptos::ev::focus, move |_| {
            spawn_local(async move { self.reconnect().await });
        });
        Effect::new(move |_| {
            if self.outdated.get() {
                spawn_local(offline::look_for_update());
            }
        });
        offline::register(move |event| match event {
            offline::Event::Ready => self.offline_ready.set(Some(Ok(()))),
            offline::Event::Unavailable(why) => self.offline_ready.set(Some(Err(why))),
            offline::Event::UpdateReady(update) => self.update.set(Some(update)),
        });
    }

    fn store(self) -> Option<Rc<Store>> {
        self.store.get_value()
    }

    /// Asks the server who is signed in.
    pub async fn ask_session(self) {
        match http::get::<Session>("/session").await {
            Ok(session) => {
                self.gone.set(false);
                if self
                    .session
                    .with_untracked(|old| old.as_ref() != Some(&session))
                {
                    self.session.set(Some(session));
                }
            }
            Err(error) => self.gone.set(error.is_offline()),
        }
    }

    /// Looks again: at the server, who is signed in, its project's files and databases; at the open folder.
    pub async fn reconnect(self) {
        self.ask_session().await;
        if let Some(slug) = self.slug_untracked() {
            self.refresh_server_project(&slug).await;
        }
        self.refresh_folder().await;
        self.load_environments().await;
    }

    /// Takes a session that the server has just given, and opens its project.
    pub fn signed(self, session: Session) {
        self.session.set(Some(session));
        self.gone.set(false);
        spawn_local(async move { self.reopen_server_project().await });
    }

    pub fn signed_off(self) {
        self.session.update(|session| {
            if let Some(session) = session {
                session.user = None;
            }
        });
        self.environments.set(Vec::new());
    }

    pub fn is_signed_in(self) -> bool {
        self.session.with(|session| {
            session
                .as_ref()
                .is_some_and(|session| session.user.is_some())
        })
    }

    /// How many transactions the open project's printed SQL has.
    pub fn transactions(self) -> Transactions {
        self.workspace.with(|workspace| {
            workspace
                .as_ref()
                .map_or(Transactions::Each, |it| Transactions::of(&it.config))
        })
    }

    /// The slug of the open project on the server.
    pub fn slug(self) -> Option<String> {
        self.workspace
            .with(|workspace| workspace.as_ref().and_then(|workspace| workspace.slug()))
    }

    pub fn slug_untracked(self) -> Option<String> {
        self.workspace
            .with_untracked(|workspace| workspace.as_ref().and_then(|workspace| workspace.slug()))
    }

    /// Asks the server what its project's databases have.
    pub async fn load_environments(self) {
        let Some(slug) = self.slug_untracked() else {
            return;
        };
        if !untrack(|| self.is_signed_in()) {
            return;
        }
        let path = format!("/projects/{}/environments", http::segment(&slug));
        if let Ok(environments) = http::get::<Vec<EnvironmentState>>(&path).await
            && self.environments.with_untracked(|old| *old != environments)
        {
            self.environments.set(environments);
        }
    }
}
