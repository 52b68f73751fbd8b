//! What the index knows of an item beside its place and its numbers, in few bits.

use crate::model::Record;

/// What is known of an item in few bits, so that it takes 64 bytes: there may be millions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts(u16);

impl Facts {
    const FAILURE_MESSAGE: u16 = 1 << 8;
    const UNKNOWN_FUTURE_VALUE: u16 = 1 << 9;
    const LEFT_OUT: u16 = 1 << 10;
    const WEIGHT: u16 = 0xff;

    /// Those of `record`, which takes about so many bytes when it is made into rows.
    pub(super) fn new(record: &Record<'_>, bytes: u64) -> Self {
        let weight = u16::try_from(bytes.max(1).ilog2()).expect("64 bits have no greater logarithm than 63");
        let fact = |holds: bool, bit: u16| if holds { bit } else { 0 };
        Facts(
            weight
                | fact(record.failure_message.is_some(), Self::FAILURE_MESSAGE)
                | fact(record.has_unknown_future_value, Self::UNKNOWN_FUTURE_VALUE),
        )
    }

    pub(super) fn weight(self) -> u64 {
        1 << (self.0 & Self::WEIGHT)
    }

    /// Whether it has a `failureMessage` of its own.
    pub(super) fn has_failure_message(self) -> bool {
        self.0 & Self::FAILURE_MESSAGE != 0
    }

    /// Whether it has a value that the request's headers did not allow the service to send.
    pub(super) fn has_unknown_future_value(self) -> bool {
        self.0 & Self::UNKNOWN_FUTURE_VALUE != 0
    }

    /// Whether it is a duplicate, or of a page that is left out.
    pub(super) fn is_left_out(self) -> bool {
        self.0 & Self::LEFT_OUT != 0
    }

    pub(super) fn leave_out(&mut self) {
        self.0 |= Self::LEFT_OUT;
    }
}
