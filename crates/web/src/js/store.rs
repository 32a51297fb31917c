//! What the browser keeps between visits: IndexedDB, as tables of values by key.
//!
//! The app works without it: each call then says why, and the page says that nothing is kept.

use super::words;
use futures_channel::oneshot;
use gloo::events::EventListener;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

const NAME: &str = "cofferdam";
/// Raise it with every change of [`TABLES`]; tables are only ever added.
const VERSION: u32 = 1;
const TABLES: [Table; 4] = [
    Table::Drafts,
    Table::Projects,
    Table::Handles,
    Table::Results,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Revisions being written.
    Drafts,
    /// Snapshots of projects that were open.
    Projects,
    /// Folders that the person picked.
    Handles,
    /// What dry runs found.
    Results,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Table::Drafts => "drafts",
            Table::Projects => "projects",
            Table::Handles => "handles",
            Table::Results => "results",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("this browser window keeps nothing: {0}")]
    Unavailable(String),
    #[error("another tab holds an older version of this app open; close it and reload")]
    Blocked,
    #[error("the browser could not keep or find it: {0}")]
    Failed(String),
    #[error("what was kept cannot be read any more: {0}")]
    Unreadable(String),
}

/// The open database.
pub struct Store {
    database: IdbDatabase,
    _version_change: EventListener,
}

impl Store {
    pub async fn open() -> Result<Self, StoreError> {
        let unavailable = |error: JsValue| StoreError::Unavailable(words(&error));
        let factory = gloo::utils::window().indexed_db().map_err(unavailable)?;
        let factory =
            factory.ok_or_else(|| StoreError::Unavailable("it has no IndexedDB".into()))?;
        let request = factory.open_with_u32(NAME, VERSION).map_err(unavailable)?;
        let upgraded = request.clone();
        let _upgrade =
            EventListener::once(&request, "upgradeneeded", move |_| create_tables(&upgraded));
        let (blocked, other_tab) = oneshot::channel();
        let _blocked = EventListener::once(&request, "blocked", move |_| {
            // The receiver is gone once the database is open.
            let _ = blocked.send(());
        });
        let opened = std::pin::pin!(answer(&request));
        let database = match futures_util::future::select(opened, other_tab).await {
            futures_util::future::Either::Left((opened, _)) => {
                opened.map_err(StoreError::Unavailable)?
            }
            futures_util::future::Either::Right(_) => return Err(StoreError::Blocked),
        };
        let database: IdbDatabase = database.unchecked_into();
        // A newer version in another tab must not wait for this one.
        let old = database.clone();
        let version_change = EventListener::new(&database, "versionchange", move |_| old.close());
        Ok(Self {
            database,
            _version_change: version_change,
        })
    }

    pub async fn get<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let value = self.get_js(table, key).await?;
        value.map(|value| parse(&value)).transpose()
    }

    pub async fn put<T: Serialize>(
        &self,
        table: Table,
        key: &str,
        value: &T,
    ) -> Result<(), StoreError> {
        let text =
            serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.put_js(table, key, &text.into()).await
    }

    pub async fn delete(&self, table: Table, key: &str) -> Result<(), StoreError> {
        self.ask(table, IdbTransactionMode::Readwrite, |store| {
            store.delete(&key.into())
        })
        .await
        .map(drop)
    }

    pub async fn keys(&self, table: Table) -> Result<Vec<String>, StoreError> {
        let keys = self
            .ask(
                table,
                IdbTransactionMode::Readonly,
                IdbObjectStore::get_all_keys,
            )
            .await?;
        Ok(js_sys::Array::from(&keys)
            .iter()
            .filter_map(|key| key.as_string())
            .collect())
    }

    /// Everything in a table, in order of key.
    pub async fn list<T: DeserializeOwned>(
        &self,
        table: Table,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let keys = self.keys(table).await?;
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(value) = self.get(table, &key).await? {
                found.push((key, value));
            }
        }
        Ok(found)
    }

    /// A value that only JavaScript can hold, such as a folder's handle.
    pub async fn get_js(&self, table: Table, key: &str) -> Result<Option<JsValue>, StoreError> {
        let value = self
            .ask(table, IdbTransactionMode::Readonly, |store| {
                store.get(&key.into())
            })
            .await?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    pub async fn put_js(&self, table: Table, key: &str, value: &JsValue) -> Result<(), StoreError> {
        let put = |store: &IdbObjectStore| store.put_with_key(value, &key.into());
        self.ask(table, IdbTransactionMode::Readwrite, put)
            .await
            .map(drop)
    }

    async fn ask(
        &self,
        table: Table,
        mode: IdbTransactionMode,
        ask: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
    ) -> Result<JsValue, StoreError> {
        let request = self
            .database
            .transaction_with_str_and_mode(table.name(), mode)
            .and_then(|transaction| transaction.object_store(table.name()))
            .and_then(|store| ask(&store))
            .map_err(|error| StoreError::Failed(words(&error)))?;
        answer(&request).await.map_err(StoreError::Failed)
    }
}

fn create_tables(request: &IdbOpenDbRequest) {
    let Ok(database) = request.result().map(JsCast::unchecked_into::<IdbDatabase>) else {
        return;
    };
    let there = database.object_store_names();
    for table in TABLES
        .into_iter()
        .filter(|table| !there.contains(table.name()))
    {
        // A failure aborts the upgrade, and the open request reports it.
        let _ = database.create_object_store(table.name());
    }
}

fn parse<T: DeserializeOwned>(value: &JsValue) -> Result<T, StoreError> {
    let text = value
        .as_string()
        .ok_or_else(|| StoreError::Unreadable("it is not text".into()))?;
    serde_json::from_str(&text).map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// Waits for a request's result.
async fn answer(request: &IdbRequest) -> Result<JsValue, String> {
    let (sender, receiver) = oneshot::channel();
    let sender = std::rc::Rc::new(std::cell::Cell::new(Some(sender)));
    let _listeners = ["success", "error"].map(|name| {
        let sender = sender.clone();
        EventListener::once(request, name, move |_| {
            if let Some(sender) = sender.take() {
                // Nobody waits any more when the caller was dropped.
                let _ = sender.send(());
            }
        })
    });
    receiver
        .await
        .map_err(|_| "the request was dropped".to_owned())?;
    match request.error() {
        Ok(Some(error)) => Err(error.message()),
        _ => request.result().map_err(|error| words(&error)),
    }
}
