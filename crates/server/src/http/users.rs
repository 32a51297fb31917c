//! Users: admins list them and invite new ones.

use super::App;
use super::json::Body;
use super::problem::{Code, Error, sentence};
use crate::auth::Caller;
use crate::store::account::check_name;
use crate::store::session::Purpose;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cofferdam_engine::api::{Invitation, NewUser, Problem, Role, User};

/// Every user, in order of name.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", responses(
    (status = 200, body = Vec<User>),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<User>>, Error> {
    caller.in_person(Role::Admin)?;
    let accounts = app.store.accounts().await?;
    Ok(Json(
        accounts.into_iter().map(|account| account.user).collect(),
    ))
}

/// Invites somebody; the link is shown once and works once. One who has not accepted yet can be
/// invited again, in the same role.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = NewUser, responses(
    (status = 201, body = Invitation),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub async fn invite(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewUser>,
) -> Result<(StatusCode, Json<Invitation>), Error> {
    caller.in_person(Role::Admin)?;
    check_name(&new.name).map_err(|error| Error::new(Code::Invalid, sentence(&error)))?;
    if !app.store.add_account(&new.name, new.role).await? {
        let there = app
            .store
            .accounts()
            .await?
            .into_iter()
            .find(|account| account.user.name == new.name);
        if !there.is_some_and(|account| !account.has_password && account.user.role == new.role) {
            return Err(Error::new(
                Code::Exists,
                format!("There is a user {:?} already.", new.name),
            ));
        }
    }
    let secret = app.store.new_link(&new.name, Purpose::Invitation).await?;
    let link = invitation_link(app.base(), secret.reveal());
    Ok((
        StatusCode::CREATED,
        Json(Invitation {
            user: User {
                name: new.name,
                role: new.role,
            },
            link,
        }),
    ))
}

/// Where an invitation is accepted. The token is in the fragment, which browsers send to nobody.
pub fn invitation_link(base: &str, token: &str) -> String {
    format!("{}/invite#token={token}", base.trim_end_matches('/'))
}
