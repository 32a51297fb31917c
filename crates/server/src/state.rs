//! Finding the state database: by URL, or in the embedded PostgreSQL.

use crate::database::{Database, Variables};
use crate::embedded::{Cluster, STATE_DATABASE};
use crate::project::Project;
use crate::store::{Store, schema};
use anyhow::{Context, Result};
use std::path::Path;

/// The variable that holds the state database's URL.
pub const VARIABLE: &str = "COFFERDAM_STATE_URL";

/// The state database's URL as an option, for commands that need it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct StateUrl {
    /// The server's own database [env: COFFERDAM_STATE_URL; default: the embedded PostgreSQL]
    #[arg(long, value_name = "URL")]
    pub state_url: Option<String>,
}

impl StateUrl {
    /// The database that is named, if one is.
    pub fn database(&self, variables: &Variables) -> Result<Option<Database>> {
        match (&self.state_url, variables.value(VARIABLE)) {
            (Some(url), _) => Ok(Some(Database::from_url(url).context("--state-url")?)),
            (None, Some(url)) => Ok(Some(Database::from_url(&url).context(VARIABLE)?)),
            (None, None) => Ok(None),
        }
    }
}

/// Opens the store of `project` in `database`, brought up to date.
pub async fn open(database: &Database, project: &Project) -> Result<Store> {
    schema::upgrade(database).await?;
    Ok(Store::connect(database, &project.slug()).await?)
}

/// Does `work` with the store, whether the server runs or not.
pub async fn with_store<T>(
    project: &Project,
    variables: &Variables,
    url: &StateUrl,
    programs: Option<&Path>,
    work: impl AsyncFnOnce(&Store) -> Result<T>,
) -> Result<T> {
    if let Some(database) = url.database(variables)? {
        let store = open(&database, project).await?;
        let result = work(&store).await;
        store.close().await;
        return result;
    }
    let cluster = Cluster::start(project.folder.root(), programs).await?;
    let result = async {
        let store = open(&cluster.database(STATE_DATABASE).await?, project).await?;
        let result = work(&store).await;
        store.close().await;
        result
    }
    .await;
    cluster.stop().await?;
    result
}
