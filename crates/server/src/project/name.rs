//! The moment at which a new revision is made.

use cofferdam_engine::file_name::Moment;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// That a time zone is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no time zone {0:?} on this machine: correct `timezone` in the project's configuration, with a name such as UTC or Europe/Berlin"
)]
pub struct NowError(String);

/// The moment and its Create Date: in the project's time zone, with its offset, or on this machine's clock, without one;
/// as Alembic does (`_generate_create_date` of alembic/script/base.py).
pub fn now(timezone: Option<&str>) -> Result<(Moment, String), NowError> {
    let now = Zoned::now();
    let Some(name) = timezone else {
        let moment = of(&now);
        return Ok((moment, moment.create_date()));
    };
    let zone = match name {
        _ if name.eq_ignore_ascii_case("utc") => TimeZone::UTC,
        name => TimeZone::get(name).map_err(|_| NowError(name.to_owned()))?,
    };
    Ok(dated(&now.with_time_zone(zone)))
}

fn dated(time: &Zoned) -> (Moment, String) {
    let moment = of(time);
    let seconds = time.offset().seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let date = moment.create_date();
    (moment, format!("{date}{sign}{hours:02}:{minutes:02}"))
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

    #[test]
    fn a_named_zone_gives_its_offset() {
        let time = "2025-11-23T09:05:07.000123-03:30[-03:30]";
        let (_, date) = super::dated(&time.parse().expect("a moment"));
        assert_eq!(date, "2025-11-23 09:05:07.000123-03:30");
        let (_, date) = super::now(Some("utc")).expect("UTC is known");
        assert!(date.ends_with("+00:00"), "{date}");
        let told = super::now(Some("Nowhere/Land"))
            .map(|_| ())
            .expect_err("no zone");
        assert!(
            told.to_string()
                .starts_with("there is no time zone \"Nowhere/Land\"")
        );
    }
}
