//! API tokens.

use super::{Store, StoreError, utc, word};
use crate::auth::{Scope, Secret};
use cofferdam_engine::api::User;

/// A token as its owner sees it again: everything but the secret.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Token {
    pub id: i64,
    pub name: String,
    /// Whose it is.
    pub account: String,
    pub scopes: Vec<Scope>,
    pub created_at: String,
    pub expires_at: String,
    pub used_at: Option<String>,
}

type Row = (
    i64,
    String,
    String,
    Vec<String>,
    String,
    String,
    Option<String>,
);

fn token(row: Row) -> Result<Token, StoreError> {
    let (id, name, account, scopes, created_at, expires_at, used_at) = row;
    let scopes: Result<Vec<Scope>, StoreError> =
        scopes.iter().map(|scope| word("a scope", scope)).collect();
    Ok(Token {
        id,
        name,
        account,
        scopes: scopes?,
        created_at,
        expires_at,
        used_at,
    })
}

impl Store {
    /// Makes a token; the secret cannot be had again.
    pub async fn new_token(
        &self,
        account: &str,
        name: &str,
        scopes: &[Scope],
        seconds: i64,
    ) -> Result<(Token, Secret), StoreError> {
        let secret = Secret::token()?;
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let row: Row = sqlx::query_as(concat!(
            "INSERT INTO cofferdam_server.token (project, account, name, secret_sha256, scopes, expires_at)
             VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
             RETURNING id, name, account, scopes, ",
            utc!("created_at"), ", ", utc!("expires_at"), ", ", utc!("used_at")
        ))
        .bind(&*self.project)
        .bind(account)
        .bind(name)
        .bind(secret.hash())
        .bind(scopes)
        .bind(seconds as f64)
        .fetch_one(&self.pool)
        .await?;
        Ok((token(row)?, secret))
    }

    /// Tokens in order of age, oldest first: one account's, or everybody's.
    pub async fn tokens(&self, account: Option<&str>) -> Result<Vec<Token>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "SELECT id, name, account, scopes, ",
            utc!("created_at"),
            ", ",
            utc!("expires_at"),
            ", ",
            utc!("used_at"),
            " FROM cofferdam_server.token
             WHERE project = $1 AND account = coalesce($2, account) ORDER BY id"
        ))
        .bind(&*self.project)
        .bind(account)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(token).collect()
    }

    /// Revokes a token; false: there is none with this id (of this account).
    pub async fn revoke_token(&self, id: i64, account: Option<&str>) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "DELETE FROM cofferdam_server.token
             WHERE project = $1 AND id = $2 AND account = coalesce($3, account)",
        )
        .bind(&*self.project)
        .bind(id)
        .bind(account)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whose token this is, and what it may be used for; none: unknown, revoked or expired.
    pub async fn bearer(&self, secret: &Secret) -> Result<Option<(User, Vec<Scope>)>, StoreError> {
        let found: Option<(String, String, String, Vec<String>)> = sqlx::query_as(
            "UPDATE cofferdam_server.token t SET used_at = now()
             FROM cofferdam_server.account a
             WHERE a.project = t.project AND a.name = t.account
               AND t.project = $1 AND t.secret_sha256 = $2 AND t.expires_at > now()
             RETURNING t.secret_sha256, a.name, a.role, t.scopes",
        )
        .bind(&*self.project)
        .bind(secret.hash())
        .fetch_optional(&self.pool)
        .await?;
        let Some((_, name, role, scopes)) = found.filter(|found| secret.matches(&found.0)) else {
            return Ok(None);
        };
        let scopes: Result<Vec<Scope>, StoreError> =
            scopes.iter().map(|scope| word("a scope", scope)).collect();
        Ok(Some((
            User {
                name,
                role: word("a role", &role)?,
            },
            scopes?,
        )))
    }
}
