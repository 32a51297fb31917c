//! JSON bodies, whose mistakes are told as problems.

use super::problem::{Code, Error};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: serde::de::DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Body(value)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

/// A JSON body that may be missing.
pub struct Perhaps<T>(pub T);

impl<T: serde::de::DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for Perhaps<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Error::new(Code::TooLarge, rejection.body_text()))?;
        if bytes.trim_ascii().is_empty() {
            return Ok(Perhaps(T::default()));
        }
        let value = Json::<T>::from_bytes(&bytes).map_err(|rejection| refusal(&rejection))?;
        Ok(Perhaps(value.0))
    }
}

fn refusal(rejection: &JsonRejection) -> Error {
    let code = match rejection {
        JsonRejection::MissingJsonContentType(_) => Code::WrongMediaType,
        JsonRejection::JsonDataError(_) => Code::Invalid,
        JsonRejection::BytesRejection(_) => Code::TooLarge,
        _ => Code::BadRequest,
    };
    Error::new(code, rejection.body_text())
}
