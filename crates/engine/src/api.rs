//! What pages and server say to each other, as JSON under `/api/v1`. Only data.
//!
//! Times are RFC 3339 texts in UTC. Errors are problem documents (RFC 9457).

use crate::config::Config;
use crate::plan::{Kind, StepAt};
use crate::revision::Direction;
use crate::run::{Outcome, Report};
use serde::{Deserialize, Serialize};

macro_rules! wire {
    ($($item:item)*) => {
        $(
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
            $item
        )*
    };
}

/// What a user may do; each role may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Writes revisions, makes plans, comments.
    Author,
    /// Approves and rejects other people's plans; confirms conditions of gates.
    Reviewer,
    /// Applies approved plans; opens gates by force; adds users.
    Admin,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Author => "author",
            Role::Reviewer => "reviewer",
            Role::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "author" => Ok(Role::Author),
            "reviewer" => Ok(Role::Reviewer),
            "admin" => Ok(Role::Admin),
            other => Err(format!(
                "{other:?} is not a role: author, reviewer or admin"
            )),
        }
    }
}

wire! {
    /// A problem document (RFC 9457, `application/problem+json`).
    pub struct Problem {
        /// A stable kebab-case code of what went wrong.
        #[serde(rename = "type")]
        pub code: String,
        pub title: String,
        pub status: u16,
        /// One sentence: what happened, and what to do.
        pub detail: String,
        /// Where a file has changed since it was read (412).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub conflicts: Vec<Conflict>,
        /// Where a gate is shut (`gate-shut`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub gate: Option<ShutGate>,
    }

    /// A gate that keeps a plan from being made, approved and applied.
    pub struct ShutGate {
        pub change: String,
        pub environment: String,
        /// What keeps it shut: a sentence, then a line for each condition that does not hold.
        pub words: String,
    }

    /// `GET /session`: who is signed in, and what this server is.
    pub struct Session {
        pub user: Option<User>,
        /// The build that the server embeds; when the page's differs, it asks for a reload.
        pub build: String,
        /// No user has a password yet: only the one-time link signs in.
        pub fresh: bool,
    }

    pub struct User {
        pub name: String,
        pub role: Role,
    }

    /// `POST /session`: sign in.
    pub struct Credentials {
        pub name: String,
        pub password: String,
    }

    /// `POST /session/link`: sign in once by the link that `cofferdam serve` prints.
    /// `POST /invitations/accept` takes the same with a password.
    pub struct LinkToken {
        pub token: String,
        #[serde(default)]
        pub password: Option<String>,
    }

    /// `PUT /session/password` (signed in): a first or a new password; the answer is the `Session`.
    pub struct NewPassword {
        pub password: String,
        /// The password so far, where the account has one.
        #[serde(default)]
        pub current: Option<String>,
    }

    /// `POST /users` (admins): invite somebody.
    pub struct NewUser {
        pub name: String,
        pub role: Role,
    }

    /// What `POST /users` answers: the link is shown once and works once.
    pub struct Invitation {
        pub user: User,
        /// The whole address, `…/invite?token=…`.
        pub link: String,
    }

    /// `GET /projects`.
    pub struct ProjectSummary {
        pub slug: String,
        pub name: String,
    }

    /// `GET /projects/{slug}`: the project folder's files that matter here; its ETag is `digest`.
    pub struct ProjectFiles {
        pub slug: String,
        pub name: String,
        /// Every revision file, the files of changes (`changes/<id>.toml`, `.queries.sql` and `.matrix.json`), `cofferdam.toml`,
        /// the seed file and Alembic's template; in order of path.
        pub files: Vec<ProjectFile>,
        /// Digest over paths and digests of all files.
        pub digest: String,
        /// Where the project is Alembic's, what its own files say. The files themselves may hold a password.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub alembic: Option<AlembicSetup>,
    }

    /// What an Alembic project's own files say of it, read without running them.
    pub struct AlembicSetup {
        /// As it holds in the end, `cofferdam.toml` included.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub config: Config,
        /// What the SQL of operations depends on, for the reader of Python files.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub settings: serde_json::Value,
        /// The file that says where the scripts are.
        pub file: String,
        /// The folder of `env.py` and `script.py.mako`.
        pub script_location: String,
        /// What cannot be known from the files, and matters: sentences without a full stop.
        pub notices: Vec<String>,
    }

    pub struct ProjectFile {
        /// Relative to the project folder, with `/`.
        pub path: String,
        /// The text; a file that is not UTF-8 has none, and `base64` instead.
        pub text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub base64: Option<String>,
        pub sha256: String,
    }

    /// `POST /projects/{slug}/changesets`: write files, all or none.
    pub struct Changeset {
        /// A line for git, where the project commits what is saved.
        pub message: String,
        pub changes: Vec<Change>,
    }

    pub struct Change {
        pub path: String,
        /// SHA-256 of the file that the change was made on; none for a new file.
        pub base_sha256: Option<String>,
        /// The new text; none deletes the file.
        pub text: Option<String>,
    }

    /// A file that is not as the change expected.
    pub struct Conflict {
        pub path: String,
        /// What the folder holds now; none: the file is gone.
        pub theirs: Option<String>,
        pub theirs_sha256: Option<String>,
        pub reason: String,
    }

    /// `POST …/changes/{id}/confirm`: what a person knows of an environment, in the words of the change's condition.
    pub struct Confirmation {
        pub environment: String,
        pub words: String,
    }

    /// `POST …/changes/{id}/force`: open the gate of an environment although a condition does not hold.
    pub struct Force {
        pub environment: String,
        /// Why; it stays in the database.
        pub reason: String,
    }

    /// `POST …/changes/{id}/parity`: compare both sides of every row there.
    pub struct NewComparison {
        pub environment: String,
    }

    /// `GET /projects/{slug}/environments`, one of a list in order of name.
    pub struct EnvironmentState {
        pub name: String,
        /// Only approved plans run here.
        pub approval: bool,
        pub protected: bool,
        /// In the server's own embedded PostgreSQL.
        pub embedded: bool,
        /// Why the database cannot be asked; never with a password in it.
        pub error: Option<String>,
        /// PostgreSQL's version, such as `15.18`.
        pub server_version: Option<String>,
        /// The version rows.
        pub heads: Vec<String>,
        /// Every revision that counts as applied: the version rows and all below them.
        pub applied: Vec<String>,
        /// What the journal says of files at the time they were applied.
        pub journal: Vec<AppliedFile>,
        pub half_applied: Option<HalfApplied>,
        /// How the last run ended.
        pub last_run: Option<LastRun>,
    }

    pub struct AppliedFile {
        pub revision: String,
        pub path: String,
        pub sha256: String,
        pub at: String,
    }

    pub struct HalfApplied {
        pub revision: String,
        pub direction: Direction,
        pub done: u32,
        pub segments: u32,
        pub in_flight: bool,
    }

    pub struct LastRun {
        pub kind: String,
        pub state: String,
        pub actor: String,
        pub error: Option<String>,
        pub started_at: String,
        pub finished_at: Option<String>,
    }

    /// `POST /projects/{slug}/plans`.
    pub struct NewPlan {
        pub environment: String,
        pub kind: Kind,
        /// As on the command line; for an undo, the half-applied revision.
        pub target: String,
        #[serde(default)]
        pub note: String,
    }

    /// A plan in a list, `GET /projects/{slug}/plans`, newest first.
    pub struct PlanSummary {
        pub id: u64,
        pub environment: String,
        pub kind: Kind,
        pub target: String,
        pub from: Vec<String>,
        pub to: Vec<String>,
        pub revisions: u32,
        pub statements: u32,
        pub author: String,
        pub created_at: String,
        pub state: PlanState,
        pub digest: String,
    }

    /// `GET /projects/{slug}/plans/{id}`.
    pub struct PlanRecord {
        pub summary: PlanSummary,
        pub note: String,
        /// The sealed plan: `engine::plan::Sealed::verify(text, digest)`.
        pub text: String,
        pub reviews: Vec<Review>,
        pub comments: Vec<Comment>,
        pub runs: Vec<RunSummary>,
        /// What has changed since it was made, in words: while there is any, it cannot be applied.
        pub stale: Vec<String>,
        /// The gate that keeps it from being approved and applied now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub gate: Option<ShutGate>,
        /// The files of changes, with what is kept of their queries, as they were when it was made.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub changes: Vec<ProjectFile>,
        /// What the signed-in user may do now.
        pub may: PlanActions,
    }

    pub struct PlanActions {
        pub comment: bool,
        pub approve: bool,
        pub reject: bool,
        pub withdraw: bool,
        pub apply: bool,
        /// Why not, for each that is false and that the user might expect; in words.
        pub why_not: Vec<String>,
    }

    /// `POST …/plans/{id}/reviews`.
    pub struct NewReview {
        pub verdict: Verdict,
        /// The digest that the reviewer saw.
        pub digest: String,
        #[serde(default)]
        pub text: String,
    }

    pub struct Review {
        pub author: String,
        pub verdict: Verdict,
        pub text: String,
        pub digest: String,
        pub at: String,
    }

    /// `POST …/plans/{id}/comments`.
    pub struct NewComment {
        pub text: String,
        /// The statement that it is about; none: the whole plan.
        #[serde(default)]
        pub at: Option<StepAt>,
    }

    pub struct Comment {
        pub author: String,
        pub text: String,
        pub at: Option<StepAt>,
        /// SHA-256 of that statement, by which the comment stays with it.
        pub statement_sha256: Option<String>,
        pub created_at: String,
    }

    /// `GET …/runs` and `GET …/runs/{id}`. `POST …/plans/{id}/runs` starts one, `POST …/runs/{id}/cancel` stops it.
    pub struct RunSummary {
        pub id: String,
        pub plan: u64,
        pub environment: String,
        pub kind: Kind,
        pub target: String,
        pub actor: String,
        pub state: RunState,
        pub started_at: String,
        pub finished_at: Option<String>,
        pub outcome: Option<Outcome>,
    }

    /// One server-sent event of `GET …/runs/{id}/events` (JSON in `data`, `seq` as `id`): everything
    /// so far first, then live, until an event has an outcome.
    pub struct RunEvent {
        pub seq: u64,
        pub at: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub report: Option<Report>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub outcome: Option<Outcome>,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum PlanState {
    /// Waits for a review (or needs none).
    Open,
    Approved,
    Rejected,
    Withdrawn,
    /// A run of it is under way.
    Running,
    Applied,
    /// Its last run did not end well; it can be applied again.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Approve,
    Reject,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    Running,
    Done,
    Failed,
    Cancelled,
    /// The server or the connection died under it.
    Lost,
}
