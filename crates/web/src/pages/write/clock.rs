//! The moment and the id of a new revision: this machine's clock, and random bits.

use cofferdam_engine::file_name::Moment;
use cofferdam_engine::revision::RevisionId;
use js_sys::Date;
use wasm_bindgen::JsCast;

/// Milliseconds since 1970.
pub fn millis() -> f64 {
    Date::now()
}

/// Now, as RFC 3339 has it, in UTC, to the second.
pub fn timestamp() -> String {
    let text = String::from(Date::new_0().to_iso_string());
    match text.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => text,
    }
}

/// Now, and its Create Date: in the project's time zone, with its offset, or in local time, without one; as Alembic
/// does. A zone that the browser does not know counts as none.
pub fn now(zone: Option<&str>) -> (Moment, String) {
    let now = Date::new_0();
    match zone.and_then(|zone| in_zone(&now, zone)) {
        Some((moment, offset)) => (moment, format!("{}{offset}", moment.create_date())),
        None => (of(&now), of(&now).create_date()),
    }
}

/// What a clock in `zone` shows, and how far it is from UTC.
fn in_zone(now: &Date, zone: &str) -> Option<(Moment, String)> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let print = js_sys::Reflect::get(now, &"toLocaleString".into()).ok()?;
    let print: js_sys::Function = print.dyn_into().ok()?;
    // Refused where there is no such zone.
    let shown = print.call2(now, &"en-US".into(), &options).ok()?;
    let wall = Date::new(&shown);
    let apart = (wall.get_time() - now.get_time()) / 60_000.0;
    let minutes = (apart.round() - now.get_timezone_offset()) as i32;
    let moment = Moment {
        microsecond: now.get_milliseconds() * 1_000,
        epoch: of(now).epoch,
        ..of(&wall)
    };
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    Some((moment, format!("{sign}{hours:02}:{minutes:02}")))
}

/// The moment that a `Create Date` names, where it is one that [`now`] printed.
pub fn of_create_date(text: &str) -> Option<Moment> {
    let text = text.get(..26)?;
    let (date, micro) = text.split_at_checked(19)?;
    let numbers: Vec<u32> = date
        .split(['-', ' ', ':'])
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [year, month, day, hour, minute, second] = numbers[..] else {
        return None;
    };
    let local = Date::new_with_year_month_day_hr_min_sec(
        year,
        month.checked_sub(1)? as i32,
        day as i32,
        hour as i32,
        minute as i32,
        second as i32,
    );
    let moment = Moment {
        microsecond: micro.strip_prefix('.')?.parse().ok()?,
        ..of(&local)
    };
    (moment.create_date() == text).then_some(moment)
}

fn of(date: &Date) -> Moment {
    // A Date's parts are whole numbers that fit.
    Moment {
        year: date.get_full_year() as u16,
        month: date.get_month() as u8 + 1,
        day: date.get_date() as u8,
        hour: date.get_hours() as u8,
        minute: date.get_minutes() as u8,
        second: date.get_seconds() as u8,
        microsecond: date.get_milliseconds() * 1_000,
        epoch: (date.get_time() / 1_000.0).floor() as i64,
    }
}

/// An id of twelve hexadecimal digits.
pub fn random_id() -> RevisionId {
    RevisionId::from_random(crate::js::random::bits())
}

/// How long ago `then` was, in words.
pub fn ago(then: f64) -> String {
    let seconds = ((millis() - then) / 1_000.0).max(0.0);
    let count = |n: f64, unit: &str| {
        let n = n.floor();
        format!("{n} {unit}{} ago", if n == 1.0 { "" } else { "s" })
    };
    if seconds < 60.0 {
        "just now".into()
    } else if seconds < 3_600.0 {
        count(seconds / 60.0, "minute")
    } else if seconds < 86_400.0 {
        count(seconds / 3_600.0, "hour")
    } else {
        count(seconds / 86_400.0, "day")
    }
}
