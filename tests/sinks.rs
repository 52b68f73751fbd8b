//! Sinks that fail: whichever write it is that does, the error is told, and nothing passes for whole.

#[expect(dead_code, reason = "other test files use the rest of it")]
mod support;

use std::io::{self, Write};
use std::path::PathBuf;

use entra_diff::render::{self, Error, Format, Options, Output};

/// A sink that does as it is told at one of its calls.
struct Faulty {
    bytes: Vec<u8>,
    /// How many calls go well before it.
    left: usize,
    fault: Fault,
    met: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// The write fails.
    Fails(io::ErrorKind),
    /// It takes nothing.
    TakesNothing,
    /// It takes one byte, and all is well.
    TakesOne,
    /// It asks to be called again.
    Interrupted,
    /// Nothing is written, and only flushing tells.
    FlushFails,
}

impl Faulty {
    fn is_met(&mut self) -> bool {
        let now = self.left == 0 && !self.met;
        self.left = self.left.saturating_sub(1);
        self.met |= now;
        now
    }
}

impl Write for Faulty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let fault = self.fault;
        let taken = match fault {
            Fault::FlushFails => bytes.len(),
            _ if !self.is_met() => bytes.len(),
            Fault::Fails(kind) => return Err(kind.into()),
            Fault::TakesNothing => 0,
            Fault::TakesOne => 1.min(bytes.len()),
            Fault::Interrupted => return Err(io::ErrorKind::Interrupted.into()),
        };
        self.bytes.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.fault == Fault::FlushFails {
            self.met = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

/// Writes the samples and some restore sessions with `fault` at the call behind `left` good ones: the error's kind, and the sink.
fn write(format: Format, fault: Fault, left: usize) -> (Option<io::ErrorKind>, Faulty) {
    let export = support::survey(&["samples", "tests/restore"].map(PathBuf::from));
    let report = support::report(&export);
    let mut sink = Faulty { bytes: Vec::new(), left, fault, met: false };
    let outputs = vec![Output { format, sink: &mut sink }];
    let kind = match render::write(&report, outputs, &Options::default(), &mut |_| ()) {
        Ok(_) => None,
        Err(Error::Sink { format: of, source }) => {
            assert_eq!(of, format);
            Some(source.kind())
        }
        Err(error @ Error::Miscounted { .. }) => panic!("{error}"),
    };
    (kind, sink)
}

#[test]
fn whichever_write_fails_the_error_is_told() {
    let full = Fault::Fails(io::ErrorKind::StorageFull);
    for format in Format::ALL {
        let mut calls = 0;
        loop {
            let (kind, sink) = write(format, full, calls);
            if !sink.met {
                assert_eq!(kind, None);
                break;
            }
            assert_eq!(kind, Some(io::ErrorKind::StorageFull), "{format:?}, write {calls}");
            calls += 1;
        }
        assert!(calls > 0, "{format:?} writes something");
        for (fault, told) in [
            (Fault::Fails(io::ErrorKind::BrokenPipe), io::ErrorKind::BrokenPipe),
            (Fault::TakesNothing, io::ErrorKind::WriteZero),
            (Fault::FlushFails, io::ErrorKind::StorageFull),
        ] {
            let (kind, sink) = write(format, fault, calls / 2);
            assert!(sink.met);
            assert_eq!(kind, Some(told), "{format:?}");
        }
    }
}

#[test]
fn a_sink_that_takes_less_or_asks_again_gets_every_byte() {
    for format in Format::ALL {
        let (kind, whole) = write(format, Fault::TakesOne, usize::MAX);
        assert_eq!(kind, None);
        for fault in [Fault::TakesOne, Fault::Interrupted] {
            let (kind, sink) = write(format, fault, 0);
            assert_eq!((kind, sink.met), (None, true), "{format:?}");
            assert!(sink.bytes == whole.bytes, "{format:?}");
        }
    }
}
