//! A listener whose connections can be cut, stalled and slowed down from within.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;

use crate::reply::Effect;

/// A listener for connections that can be disturbed.
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
                        pause: None,
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

/// What happens to a connection's next answer; shared by the connection and those who answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire(Arc<Mutex<Effect>>);

impl Wire {
    /// Says what happens to the next answer.
    pub(crate) fn next_answer(&self, effect: Effect) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = effect;
    }

    fn effect(&self) -> Effect {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Listener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().wire.clone()
    }
}

/// A connection that can be disturbed.
pub(crate) struct Connection {
    stream: TcpStream,
    wire: Wire,
    /// How long nothing more is written, if the answer is slow.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    /// Writes an answer's head and half of its body; then comes what `after` says.
    fn write_half(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        after: Effect,
    ) -> Poll<io::Result<usize>> {
        let head = head_of(bytes);
        let half = bytes
            .get(..head + (bytes.len() - head) / 2)
            .unwrap_or(bytes);
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, half))?;
        self.wire.next_answer(after);
        Poll::Ready(Ok(written))
    }

    /// Waits until the client closes the connection, or asks again before it was answered, which none does.
    fn wait_for_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut byte = [0];
        // Whatever there is to see, the answer goes no further.
        let _ = ready!(self.stream.poll_peek(cx, &mut ReadBuf::new(&mut byte)));
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    /// Writes what a tenth of a second allows, and the head, which costs nothing.
    fn drip(&mut self, cx: &mut Context<'_>, bytes: &[u8], rate: u32) -> Poll<io::Result<usize>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        let rate = rate.max(1);
        let drop = (rate / 10).max(1);
        let room = head_of(bytes).saturating_add(usize::try_from(drop).unwrap_or(usize::MAX));
        let portion = bytes.get(..room).unwrap_or(bytes);
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, portion))?;
        let pause = Duration::from_secs_f64(f64::from(drop) / f64::from(rate));
        self.pause = Some(Box::pin(tokio::time::sleep(pause)));
        Poll::Ready(Ok(written))
    }
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
        let cut = || Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        match self.wire.effect() {
            Effect::None => Pin::new(&mut self.stream).poll_write(cx, bytes),
            Effect::Disconnect => cut(),
            Effect::Reset => {
                // Closing a connection that does not linger resets it; without this it is merely closed.
                let _ = self.stream.set_zero_linger();
                cut()
            }
            Effect::Truncate => self.write_half(cx, bytes, Effect::Disconnect),
            Effect::Stall => self.write_half(cx, bytes, Effect::Silence),
            Effect::Silence => self.wait_for_end(cx),
            Effect::Slow(rate) => self.drip(cx, bytes, rate),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Returns the length of an answer's head, if it is there.
fn head_of(bytes: &[u8]) -> usize {
    if !bytes.starts_with(b"HTTP/") {
        return 0;
    }
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
    end.map_or(0, |it| it + 4)
}
