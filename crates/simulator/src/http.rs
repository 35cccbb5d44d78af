//! A server that binds the loopback interface and nothing else.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request as HttpRequest, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock;
use crate::reply::Reply;
use crate::request::Request;
use crate::state::State;
use crate::wire::{Listener, Wire};

const LARGEST_BODY: usize = 1 << 20;

/// Binds the address, which must be a loopback address.
pub(crate) async fn bind(address: SocketAddr) -> io::Result<(Listener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    Ok((Listener::new(listener), bound))
}

/// Serves until told to stop, or until the other end of `stop` is gone.
pub(crate) fn serve(
    listener: Listener,
    state: Arc<State>,
    stop: oneshot::Receiver<()>,
) -> impl Future<Output = io::Result<()>> {
    let router = Router::new().fallback(answer).with_state(state);
    let service = router.into_make_service_with_connect_info::<Wire>();
    let stopped = async move {
        // Gone and told to stop mean the same.
        stop.await.unwrap_or_default();
    };
    async move {
        axum::serve(listener, service)
            .with_graceful_shutdown(stopped)
            .await
    }
}

async fn answer(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: HttpRequest,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return response;
    };
    let request = Request {
        query: head.uri.query().unwrap_or_default().to_owned(),
        target: text(&head.headers, "x-amz-target"),
        authorization: text(&head.headers, "authorization"),
        token: text(&head.headers, "x-amz-security-token"),
        date: text(&head.headers, "x-amz-date"),
        body: body.into(),
    };
    let reply = state.answer(&request);
    if !reply.wait.is_zero() {
        tokio::time::sleep(reply.wait).await;
    }
    wire.next_answer(reply.effect);
    respond(reply)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    // Bytes that are not text cannot be what we look for, but the header was there.
    headers
        .get(name)
        .map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned())
}

fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(reply.content_type),
    );
    if let Some(Ok(date)) = reply
        .date
        .map(|it| HeaderValue::from_str(&clock::http_date(it)))
    {
        headers.insert(header::DATE, date);
    }
    if let Ok(id) = HeaderValue::from_str(&reply.request_id) {
        headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    response
}
