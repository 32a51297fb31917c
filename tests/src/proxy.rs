//! A proxy in front of PostgreSQL that counts the client's queries, and at one of them calls back
//! (to kill the client) and closes both sides.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// The moment at which the client is cut off, counted in queries from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The query never arrives at the server.
    Before(usize),
    /// The query arrives; the client is gone while it runs.
    During(usize),
    /// The query's answer never arrives at the client.
    After(usize),
}

/// A proxy that lives as long as the test program.
pub struct Proxy {
    pub port: u16,
    seen: Arc<AtomicUsize>,
}

type Callback = Arc<Mutex<Box<dyn FnMut() + Send>>>;

impl Proxy {
    /// Listens on a loopback port and forwards to PostgreSQL at `server`.
    pub fn start(server: u16, cut: Cut, on_cut: impl FnMut() + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(AtomicUsize::new(0));
        let count = seen.clone();
        let callback: Callback = Arc::new(Mutex::new(Box::new(on_cut)));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(("127.0.0.1", server)).expect("PostgreSQL answers");
                let (count, callback) = (count.clone(), callback.clone());
                std::thread::spawn(move || forward(client, server, cut, &count, &callback));
            }
        });
        Proxy { port, seen }
    }

    /// How many queries have come.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

fn forward(
    mut client: TcpStream,
    mut server: TcpStream,
    cut: Cut,
    seen: &AtomicUsize,
    callback: &Callback,
) {
    // Without it each of the many small messages would wait for the other side's acknowledgement.
    for stream in [&client, &server] {
        stream.set_nodelay(true).expect("a TCP option");
    }
    // The start-up packets have a length but no type; an SSL request is answered by one byte.
    loop {
        let Some(packet) = packet(&mut client, false) else {
            return;
        };
        let _ = server.write_all(&packet);
        if packet.get(4..8) != Some(&SSL_REQUEST) {
            break;
        }
        let mut answer = [0];
        if server.read_exact(&mut answer).is_err() || client.write_all(&answer).is_err() {
            return;
        }
    }
    let stop_answers = Arc::new(AtomicUsize::new(usize::MAX));
    let ready = Arc::new(AtomicUsize::new(0));
    let back = {
        let (mut server, mut client) = (
            server.try_clone().expect("a second handle"),
            client.try_clone().expect("a second handle"),
        );
        let (stop, ready) = (stop_answers.clone(), ready.clone());
        std::thread::spawn(move || {
            while let Some(packet) = packet(&mut server, true) {
                let done = packet[0] == b'Z';
                if ready.load(Ordering::SeqCst) < stop.load(Ordering::SeqCst) {
                    let _ = client.write_all(&packet);
                }
                if done {
                    ready.fetch_add(1, Ordering::SeqCst);
                }
            }
            let _ = client.shutdown(Shutdown::Both);
        })
    };
    while let Some(packet) = packet(&mut client, true) {
        if packet[0] != b'Q' {
            let _ = server.write_all(&packet);
            continue;
        }
        let number = seen.fetch_add(1, Ordering::SeqCst);
        let cut_now = match cut {
            Cut::Before(at) | Cut::During(at) | Cut::After(at) => at == number,
        };
        if !cut_now {
            let _ = server.write_all(&packet);
            continue;
        }
        let before = ready.load(Ordering::SeqCst);
        stop_answers.store(before, Ordering::SeqCst);
        if !matches!(cut, Cut::Before(_)) {
            let _ = server.write_all(&packet);
        }
        if matches!(cut, Cut::After(_)) {
            let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
            while ready.load(Ordering::SeqCst) == before && std::time::Instant::now() < deadline {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
        if let Ok(mut call) = callback.lock() {
            call();
        }
        break;
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
    let _ = back.join();
}

/// Reads one message with its type byte (where it has one) and length.
fn packet(from: &mut TcpStream, typed: bool) -> Option<Vec<u8>> {
    let head = if typed { 5 } else { 4 };
    let mut packet = vec![0; head];
    from.read_exact(&mut packet).ok()?;
    let length = u32::from_be_bytes(packet[head - 4..].try_into().ok()?) as usize;
    let rest = length.checked_sub(4)?;
    packet.resize(head + rest, 0);
    from.read_exact(&mut packet[head..]).ok()?;
    Some(packet)
}
