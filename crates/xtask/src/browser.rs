//! A Chromium and the chromedriver that fits it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::{capture, command, program_in, which};
use crate::version::Version;

pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

const CHROMIUM: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Both, if both are there and of the same major version.
pub fn find() -> Result<Option<Browser>> {
    let chromium = setting("COFFERDAM_TEST_CHROMIUM")?.or_else(|| CHROMIUM.iter().find_map(at));
    let driver = setting("COFFERDAM_TEST_CHROMEDRIVER")?
        .or_else(|| which("chromedriver"))
        .or_else(|| program_in(Path::new("/usr/lib/chromium-browser"), "chromedriver"));
    let (Some(chromium), Some(driver)) = (chromium, driver) else {
        return Ok(None);
    };
    let browser = Browser { chromium, driver };
    match (major(&browser.chromium), major(&browser.driver)) {
        (Some(one), Some(other)) if one == other => Ok(Some(browser)),
        (one, other) => {
            let told = |major: Option<u64>| major.map_or("unknown".into(), |it| it.to_string());
            bail!(
                "{} (version {}) and {} (version {}) do not fit each other: they must be of the \
                 same major version; COFFERDAM_TEST_CHROMIUM and COFFERDAM_TEST_CHROMEDRIVER name \
                 others",
                browser.chromium.display(),
                told(one),
                browser.driver.display(),
                told(other)
            )
        }
    }
}

fn setting(name: &str) -> Result<Option<PathBuf>> {
    let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(value);
    if !path.is_file() {
        bail!("{name} is {}, which is not there", path.display());
    }
    Ok(Some(path))
}

fn at(name: &&str) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.is_absolute() {
        path.is_file().then(|| path.to_path_buf())
    } else {
        which(name)
    }
}

fn major(program: &Path) -> Option<u64> {
    let printed = capture(command(program).arg("--version")).ok()?;
    Some(Version::find(&printed)?.major())
}
