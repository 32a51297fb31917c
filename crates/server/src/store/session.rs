//! Sessions (the cookie) and one-time links (sign-in, invitation).

use super::{Store, StoreError, word};
use crate::auth::{Secret, cookie};
use cofferdam_engine::api::User;

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signs in at once; for the console of the machine that the server runs on.
    SignIn,
    /// Lets a new user choose a password.
    Invitation,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign-in",
            Purpose::Invitation => "invitation",
        }
    }

    /// How long the link can be used.
    fn minutes(self) -> i32 {
        match self {
            Purpose::SignIn => 15,
            Purpose::Invitation => 7 * 24 * 60,
        }
    }
}

impl Store {
    /// Signs `account` in; the secret goes into the cookie.
    pub async fn open_session(&self, account: &str) -> Result<Secret, StoreError> {
        let secret = Secret::new()?;
        sqlx::query("DELETE FROM cofferdam_server.session WHERE expires_at < now()")
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "INSERT INTO cofferdam_server.session (project, secret_sha256, account, expires_at)
             VALUES ($1, $2, $3, now() + make_interval(days => $4))",
        )
        .bind(&*self.project)
        .bind(secret.hash())
        .bind(account)
        .bind(cookie::DAYS)
        .execute(&self.pool)
        .await?;
        Ok(secret)
    }

    /// Who holds the session, and whether it was prolonged now (at most once an hour), so that the
    /// cookie should be as well.
    pub async fn session(&self, secret: &Secret) -> Result<Option<(User, bool)>, StoreError> {
        let found: Option<(String, String, String, bool)> = sqlx::query_as(
            "SELECT s.secret_sha256, a.name, a.role,
                    s.expires_at < now() + make_interval(days => $3) - interval '1 hour'
             FROM cofferdam_server.session s
             JOIN cofferdam_server.account a ON a.project = s.project AND a.name = s.account
             WHERE s.project = $1 AND s.secret_sha256 = $2 AND s.expires_at > now()",
        )
        .bind(&*self.project)
        .bind(secret.hash())
        .bind(cookie::DAYS)
        .fetch_optional(&self.pool)
        .await?;
        let Some((hash, name, role, old)) = found.filter(|found| secret.matches(&found.0)) else {
            return Ok(None);
        };
        if old {
            sqlx::query(
                "UPDATE cofferdam_server.session SET expires_at = now() + make_interval(days => $3)
                 WHERE project = $1 AND secret_sha256 = $2",
            )
            .bind(&*self.project)
            .bind(hash)
            .bind(cookie::DAYS)
            .execute(&self.pool)
            .await?;
        }
        Ok(Some((
            User {
                name,
                role: word("a role", &role)?,
            },
            old,
        )))
    }

    pub async fn close_session(&self, secret: &Secret) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM cofferdam_server.session WHERE project = $1 AND secret_sha256 = $2",
        )
        .bind(&*self.project)
        .bind(secret.hash())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Makes a link; earlier ones of the same account and purpose no longer work.
    pub async fn new_link(&self, account: &str, purpose: Purpose) -> Result<Secret, StoreError> {
        let secret = Secret::new()?;
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "DELETE FROM cofferdam_server.link
             WHERE project = $1 AND (account = $2 AND purpose = $3 OR expires_at < now())",
        )
        .bind(&*self.project)
        .bind(account)
        .bind(purpose.as_str())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO cofferdam_server.link (project, secret_sha256, account, purpose, expires_at)
             VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5))",
        )
        .bind(&*self.project)
        .bind(secret.hash())
        .bind(account)
        .bind(purpose.as_str())
        .bind(purpose.minutes())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Uses a link up and gives the account it is for; none: it is unknown, used or too old.
    pub async fn use_link(
        &self,
        secret: &Secret,
        purpose: Purpose,
    ) -> Result<Option<String>, StoreError> {
        let found: Option<(String, String)> = sqlx::query_as(
            "DELETE FROM cofferdam_server.link
             WHERE project = $1 AND secret_sha256 = $2 AND purpose = $3 AND expires_at > now()
             RETURNING secret_sha256, account",
        )
        .bind(&*self.project)
        .bind(secret.hash())
        .bind(purpose.as_str())
        .fetch_optional(&self.pool)
        .await?;
        Ok(found
            .filter(|(hash, _)| secret.matches(hash))
            .map(|(_, account)| account))
    }
}
