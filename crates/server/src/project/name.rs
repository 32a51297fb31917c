//! The moment at which a new revision is made, from this machine's clock and time zone.

use cofferdam_engine::file_name::Moment;
use jiff::Zoned;

pub fn now() -> Moment {
    of(&Zoned::now())
}

fn of(time: &Zoned) -> Moment {
    let small = |part: i8| part.unsigned_abs();
    Moment {
        year: time.year().unsigned_abs(),
        month: small(time.month()),
        day: small(time.day()),
        hour: small(time.hour()),
        minute: small(time.minute()),
        second: small(time.second()),
        microsecond: time.subsec_nanosecond().unsigned_abs() / 1_000,
        epoch: time.timestamp().as_second(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_moment_is_in_local_time() {
        let moment = super::of(
            &"2025-11-23T09:05:07.000123+02:00[+02:00]"
                .parse()
                .expect("a moment"),
        );
        assert_eq!(moment.create_date(), "2025-11-23 09:05:07.000123");
        assert_eq!(moment.epoch, 1_763_888_707 - 7_200);
    }
}
