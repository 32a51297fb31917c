//! Accounts: names, roles, password hashes.

use super::{Store, StoreError, word};
use cofferdam_engine::api::{Role, User};

/// An account as the command line lists it.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: User,
    /// The invitation was accepted, or another way to a password found.
    pub has_password: bool,
}

/// What a change of accounts did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// There is no such user.
    Unknown,
    /// It would leave no admin.
    LastAdmin,
}

impl Store {
    /// Adds an account without a password; false: the name is taken.
    pub async fn add_account(&self, name: &str, role: Role) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO cofferdam_server.account (project, name, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(&*self.project)
        .bind(name)
        .bind(role.as_str())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Every account, in order of name.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<(String, String, bool)> = sqlx::query_as(
            "SELECT name, role, password_hash IS NOT NULL FROM cofferdam_server.account
             WHERE project = $1 ORDER BY name COLLATE \"C\"",
        )
        .bind(&*self.project)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(name, role, has_password)| {
                let role = word("a role", &role)?;
                Ok(Account {
                    user: User { name, role },
                    has_password,
                })
            })
            .collect()
    }

    pub async fn account(&self, name: &str) -> Result<Option<User>, StoreError> {
        let all = self.accounts().await?;
        Ok(all
            .into_iter()
            .map(|account| account.user)
            .find(|user| user.name == name))
    }

    /// Nobody has a password yet.
    pub async fn is_fresh(&self) -> Result<bool, StoreError> {
        let all = self.accounts().await?;
        Ok(!all.iter().any(|account| account.has_password))
    }

    /// The account that the link of `cofferdam serve` signs in: the first admin by name; where there
    /// is none, `admin` is made one.
    pub async fn first_admin(&self) -> Result<String, StoreError> {
        let all = self.accounts().await?;
        if let Some(admin) = all
            .into_iter()
            .find(|account| account.user.role == Role::Admin)
        {
            return Ok(admin.user.name);
        }
        sqlx::query(
            "INSERT INTO cofferdam_server.account (project, name, role) VALUES ($1, 'admin', 'admin')
             ON CONFLICT (project, name) DO UPDATE SET role = 'admin'",
        )
        .bind(&*self.project)
        .execute(&self.pool)
        .await?;
        Ok("admin".into())
    }

    /// The stored hash; none: no such name, or no password.
    pub async fn password_hash(&self, name: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(Option<String>,)> = sqlx::query_as(
            "SELECT password_hash FROM cofferdam_server.account WHERE project = $1 AND name = $2",
        )
        .bind(&*self.project)
        .bind(name)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.and_then(|(hash,)| hash))
    }

    /// Sets a password and signs the account out everywhere.
    pub async fn set_password(&self, name: &str, hash: &str) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE cofferdam_server.account SET password_hash = $3 WHERE project = $1 AND name = $2")
            .bind(&*self.project)
            .bind(name)
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM cofferdam_server.session WHERE project = $1 AND account = $2")
            .bind(&*self.project)
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    pub async fn set_role(&self, name: &str, role: Role) -> Result<Changed, StoreError> {
        self.change(name, Some(role)).await
    }

    /// Removes an account with its sessions and tokens; what it wrote stays, under its name.
    pub async fn remove_account(&self, name: &str) -> Result<Changed, StoreError> {
        self.change(name, None).await
    }

    async fn change(&self, name: &str, role: Option<Role>) -> Result<Changed, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let admins: Vec<(String,)> = sqlx::query_as(
            "SELECT name FROM cofferdam_server.account WHERE project = $1 AND role = 'admin' FOR UPDATE",
        )
        .bind(&*self.project)
        .fetch_all(&mut *transaction)
        .await?;
        let last = admins.len() == 1 && admins[0].0 == name;
        if last && role != Some(Role::Admin) {
            return Ok(Changed::LastAdmin);
        }
        let query = match role {
            Some(role) => sqlx::query(
                "UPDATE cofferdam_server.account SET role = $3 WHERE project = $1 AND name = $2",
            )
            .bind(&*self.project)
            .bind(name)
            .bind(role.as_str()),
            None => {
                sqlx::query("DELETE FROM cofferdam_server.account WHERE project = $1 AND name = $2")
                    .bind(&*self.project)
                    .bind(name)
            }
        };
        let done = query.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(if done.rows_affected() == 1 {
            Changed::Done
        } else {
            Changed::Unknown
        })
    }
}

/// Longest name of a user, in characters.
const LONGEST_NAME: usize = 64;

/// Why a text is not a user's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a user needs a name")]
    Empty,
    #[error("a user's name may have at most {LONGEST_NAME} characters")]
    TooLong,
    #[error("a user's name may hold letters, digits and . _ - @ +, not {0:?}")]
    BadCharacter(char),
}

/// Checks a new user's name.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(NameError::TooLong);
    }
    match name
        .chars()
        .find(|c| !c.is_alphanumeric() && !"._-@+".contains(*c))
    {
        Some(bad) => Err(NameError::BadCharacter(bad)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words() {
        for good in ["ada", "grace.hopper@example.org", "Zoë", "ci-bot_2"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        assert_eq!(check_name(""), Err(NameError::Empty));
        assert_eq!(check_name("a b"), Err(NameError::BadCharacter(' ')));
        assert_eq!(
            check_name("a\u{202e}b"),
            Err(NameError::BadCharacter('\u{202e}'))
        );
        assert_eq!(check_name(&"x".repeat(65)), Err(NameError::TooLong));
    }
}
