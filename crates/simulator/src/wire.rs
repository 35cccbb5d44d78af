//! A listener whose connections can be cut from within, before an answer or in its middle.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const WHOLE: u8 = 0;
const CUT_WITHIN_BODY: u8 = 1;
const CUT: u8 = 2;

/// A listener for connections that can be cut.
pub(crate) struct Listener(TcpListener);

impl Listener {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self(listener)
    }
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            if let Ok((stream, address)) = self.0.accept().await {
                // Without this, small answers wait for acknowledgements; a failure costs only speed.
                let _ = stream.set_nodelay(true);
                return (
                    Connection {
                        stream,
                        wire: Wire::default(),
                    },
                    address,
                );
            }
            // Out of file descriptors, most likely: the next attempt has a chance when some are closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// What may happen to a connection's next answer; shared by the connection and those who answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire(Arc<AtomicU8>);

impl Wire {
    /// Closes the connection before a byte of the next answer.
    pub(crate) fn cut_before_answer(&self) {
        self.0.store(CUT, Ordering::Relaxed);
    }

    /// Closes the connection in the middle of the next answer's body.
    pub(crate) fn cut_within_body(&self) {
        self.0.store(CUT_WITHIN_BODY, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Listener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().wire.clone()
    }
}

/// A connection that can be cut.
pub(crate) struct Connection {
    stream: TcpStream,
    wire: Wire,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Connection {
    // Vectored writes are not offered, so an answer's head and a small body come here in one piece.
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let passed = match self.wire.0.load(Ordering::Relaxed) {
            WHOLE => bytes,
            CUT_WITHIN_BODY => half_of_body(bytes),
            _ => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        };
        let written = Pin::new(&mut self.stream).poll_write(cx, passed);
        if passed.len() < bytes.len() && matches!(written, Poll::Ready(Ok(_))) {
            self.wire.cut_before_answer();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Returns an answer's head and half of what follows.
fn half_of_body(bytes: &[u8]) -> &[u8] {
    let head = bytes
        .windows(4)
        .position(|it| it == b"\r\n\r\n")
        .map_or(0, |it| it + 4);
    bytes
        .get(..head + (bytes.len() - head) / 2)
        .unwrap_or(bytes)
}
