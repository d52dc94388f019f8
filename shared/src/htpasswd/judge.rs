//! What each program that reads htpasswd files makes of each line.
//!
//! Read from the sources and measured on the programs: zot 2.0.4 and 2.1.20 (`pkg/api/htpasswd.go`), Distribution 2.8.2 and 3.1.1
//! (`registry/auth/htpasswd`), `htpasswd -v` of Apache 2.4 (`support/htpasswd.c`), and the embedded server. A test holds every verdict
//! against the programs themselves.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use super::algorithm::Algorithm;
use super::text::Entry;
use super::users;
use crate::version::Version;

/// The longest line, without its end, that Go's `bufio.Scanner` takes.
const GO_LINE_MAX: usize = 65_535;
/// The longest line that Apache's `htpasswd` reads in one piece (`MAX_STRING_LEN` 256, with its end).
const APACHE_LINE_MAX: usize = 255;
/// The first zot that takes SHA-256 and SHA-512 crypt.
const ZOT_CRYPT: Version = Version::new(2, 1, 11);
/// Below, a hash is quick to guess; it is the cost that Apache's `htpasswd` takes by itself.
const WEAK_COST: u32 = 8;
/// Above, logins are slow where they are not remembered.
const SLOW_COST: u32 = 12;

/// A program that reads htpasswd files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// zot; without its release, a current one.
    Zot(Option<Version>),
    /// Distribution.
    Distribution,
    /// Apache's `htpasswd -v`.
    Apache,
    /// Our own server.
    Embedded,
}

impl Reader {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Zot(None), Self::Distribution, Self::Apache, Self::Embedded];

    /// The name in flags and documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zot(_) => "zot",
            Self::Distribution => "distribution",
            Self::Apache => "apache",
            Self::Embedded => "embedded",
        }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Reader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|reader| reader.name() == text);
        found.ok_or_else(|| "zot, distribution, apache and embedded read htpasswd files".to_owned())
    }
}

/// A line that is neither empty nor a comment to everybody, and what is made of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Counted from 1.
    pub line: usize,
    /// The user; empty for a line without a colon.
    pub name: String,
    /// How the password was hashed; none for a line without a colon.
    pub algorithm: Option<Algorithm>,
    /// Each asked program, and why it lets nobody in by this line when it does not.
    pub verdicts: Vec<(Reader, Result<(), String>)>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

/// What the programs make of a file.
#[must_use]
pub fn judge(bytes: &[u8], readers: &[Reader]) -> Vec<Judged> {
    let lines: Vec<Line<'_>> = bytes.split(|byte| *byte == b'\n').enumerate().map(Line::new).collect();
    let file = File::new(&lines);
    let shown = lines.iter().filter(|line| line.is_shown(readers));
    shown.map(|line| line.judge(&file, readers)).collect()
}

/// What one line means for the others.
#[derive(Default)]
struct File {
    /// The line that keeps Distribution from reading the file, and why.
    no_distribution: Option<(usize, &'static str)>,
    /// The same for Apache.
    no_apache: Option<(usize, &'static str)>,
    /// The line where zot stops to read.
    zot_ends: Option<usize>,
    /// The first and the last line of each name.
    first_and_last: HashMap<Vec<u8>, (usize, usize)>,
}

impl File {
    fn new(lines: &[Line<'_>]) -> Self {
        let mut file = Self::default();
        for line in lines {
            let long = line.raw.len() > GO_LINE_MAX;
            let colon = line.raw.contains(&b':');
            if long {
                file.zot_ends.get_or_insert(line.number);
                file.no_distribution.get_or_insert((line.number, "is longer than 65535 bytes"));
            }
            if line.is_text() && !colon {
                file.no_distribution.get_or_insert((line.number, "has no colon"));
            }
            if !line.apache_pieces_are_lines() {
                let why = if line.raw.len() > APACHE_LINE_MAX { "is longer than 255 bytes" } else { "has no colon" };
                file.no_apache.get_or_insert((line.number, why));
            }
            if let Some(entry) = &line.entry {
                let place = file.first_and_last.entry(entry.name.to_vec()).or_insert((line.number, line.number));
                place.1 = line.number;
            }
        }
        file
    }
}

struct Line<'a> {
    number: usize,
    /// Without its end.
    raw: &'a [u8],
    entry: Option<Entry<'a>>,
}

impl<'a> Line<'a> {
    fn new((at, raw): (usize, &'a [u8])) -> Self {
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        Self { number: at + 1, raw, entry: Entry::of(raw) }
    }

    /// Neither empty nor a comment.
    fn is_text(&self) -> bool {
        let line = self.raw.trim_ascii();
        !line.is_empty() && !line.starts_with(b"#")
    }

    /// Whether Apache, which reads 255 bytes at a time, takes every piece for an entry, a comment or an empty line.
    fn apache_pieces_are_lines(&self) -> bool {
        self.raw.chunks(APACHE_LINE_MAX).all(|piece| {
            let piece = piece.trim_ascii();
            piece.is_empty() || piece.starts_with(b"#") || piece.contains(&b':')
        })
    }

    /// zot knows no comments: what a line with a `#` in front says is a user for it.
    fn zot_comment(&self) -> Option<(&'a [u8], &'a [u8])> {
        let colon = self.raw.iter().position(|byte| *byte == b':')?;
        let (name, hash) = (&self.raw[..colon], &self.raw[colon + 1..]);
        (!self.is_text() && zot_hash(None, hash).is_ok()).then_some((name, hash))
    }

    fn is_shown(&self, readers: &[Reader]) -> bool {
        let zot = readers.iter().any(|reader| reader.name() == Reader::Zot(None).name());
        self.is_text() || (zot && self.zot_comment().is_some()) || self.raw.len() > GO_LINE_MAX
    }

    fn judge(&self, file: &File, readers: &[Reader]) -> Judged {
        let comment = self.zot_comment();
        let (name, hash) = match (&self.entry, comment) {
            (Some(entry), _) => (entry.name, Some(entry.hash)),
            (None, Some((name, hash))) => (name, Some(hash)),
            (None, None) => (&b""[..], None),
        };
        let algorithm = hash.map(Algorithm::of);
        let verdicts = readers.iter().map(|reader| (*reader, self.verdict(file, *reader))).collect();
        let mut notes = Vec::new();
        if comment.is_some() {
            notes.push("zot knows no comments, so this line is a user of its own there".to_owned());
        }
        if self.entry.is_some() && name.is_empty() {
            notes.push("it has no user name, and who knows its password logs in without one".to_owned());
        }
        if String::from_utf8_lossy(name).contains(char::is_whitespace) && comment.is_none() {
            notes.push("its name has white space".to_owned());
        }
        notes.extend(algorithm.and_then(Algorithm::cost).and_then(cost_note));
        Judged { line: self.number, name: String::from_utf8_lossy(name).into_owned(), algorithm, verdicts, notes }
    }

    fn verdict(&self, file: &File, reader: Reader) -> Result<(), String> {
        let blocked = |(line, why): (usize, &str)| {
            if line == self.number {
                format!("it {why}, so the file is not read")
            } else {
                format!("line {line} {why}, so the file is not read")
            }
        };
        match reader {
            Reader::Distribution if file.no_distribution.is_some() => {
                return Err(file.no_distribution.map(blocked).unwrap_or_default());
            }
            Reader::Apache if file.no_apache.is_some() => return Err(file.no_apache.map(blocked).unwrap_or_default()),
            Reader::Zot(_) => match file.zot_ends {
                Some(line) if line == self.number => return Err("it is longer than 65535 bytes".to_owned()),
                Some(line) if line < self.number => {
                    return Err(format!("line {line} is longer than 65535 bytes, where it stops to read"));
                }
                _ => {}
            },
            _ => {}
        }
        if let (Reader::Zot(_), Some(_)) = (reader, self.zot_comment()) {
            return Ok(());
        }
        let Some(entry) = &self.entry else {
            return Err(if self.is_text() { "it has no colon between user and hash" } else { "it is a comment" }.to_owned());
        };
        self.named(entry, reader)?;
        let (first, last) = file.first_and_last.get(entry.name).copied().unwrap_or((self.number, self.number));
        match reader {
            Reader::Apache if first != last => {
                let other = if self.number == first { last } else { first };
                return Err(format!("line {other} has the same name, and the passwords of both must be right"));
            }
            Reader::Zot(_) | Reader::Distribution | Reader::Embedded if last != self.number => {
                return Err(format!("line {last} has the same name, and the last one counts"));
            }
            _ => {}
        }
        self.hashed(entry, reader)
    }

    /// Whether the user is called by the name that stands there.
    fn named(&self, entry: &Entry<'_>, reader: Reader) -> Result<(), String> {
        if self.raw.trim_ascii_start().starts_with("\u{feff}".as_bytes()) {
            return Err("a byte order mark stands in front of the name".to_owned());
        }
        let indented = self.raw.first().is_some_and(u8::is_ascii_whitespace);
        match reader {
            Reader::Zot(_) | Reader::Embedded if indented => Err("white space in front of the name is part of it".to_owned()),
            Reader::Zot(_) | Reader::Embedded if entry.name.is_empty() => Err("it has no user name".to_owned()),
            _ => Ok(()),
        }
    }

    fn hashed(&self, entry: &Entry<'_>, reader: Reader) -> Result<(), String> {
        // Apache does not cut white space off the end.
        let apache = self.raw.iter().position(|byte| *byte == b':').map_or(&b""[..], |colon| &self.raw[colon + 1..]);
        match reader {
            Reader::Zot(version) => zot_hash(version, entry.hash),
            Reader::Distribution => distribution_hash(entry.hash),
            Reader::Apache => apache_hash(apache),
            Reader::Embedded => {
                let line = String::from_utf8_lossy(self.raw);
                users::read_line(line.trim_end()).map(|_| ()).map_err(ToOwned::to_owned)
            }
        }
    }
}

fn not_bcrypt(hash: &[u8]) -> String {
    match Algorithm::of(hash) {
        Algorithm::Plain if hash.is_empty() => "it has no hash".to_owned(),
        Algorithm::Plain => "what stands there is no hash that it knows; it may be a plain password".to_owned(),
        algorithm => format!("its hash is {}, not bcrypt", algorithm.name()),
    }
}

const MALFORMED: &str = "its bcrypt hash is malformed";

/// `golang.org/x/crypto/bcrypt`: one letter or none behind `$2`, a cost of 4 to 31, 22 and 31 letters; what stands behind is not looked at.
fn go_bcrypt(hash: &[u8]) -> Option<()> {
    let rest = hash.strip_prefix(b"$2")?;
    let rest = if rest.first() == Some(&b'$') { rest } else { rest.get(1..)? };
    let rest = rest.strip_prefix(b"$")?;
    let cost: u32 = std::str::from_utf8(rest.get(..2)?).ok()?.parse().ok()?;
    let salted = rest.get(2..)?.strip_prefix(b"$")?.get(..53)?;
    ((4..=31).contains(&cost) && salted.iter().copied().all(is_bcrypt_letter)).then_some(())
}

fn is_bcrypt_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/')
}

fn distribution_hash(hash: &[u8]) -> Result<(), String> {
    match go_bcrypt(hash) {
        Some(()) => Ok(()),
        None if hash.starts_with(b"$2") => Err(MALFORMED.to_owned()),
        None => Err(not_bcrypt(hash)),
    }
}

fn zot_hash(version: Option<Version>, hash: &[u8]) -> Result<(), String> {
    match Algorithm::of(hash) {
        Algorithm::Sha256Crypt | Algorithm::Sha512Crypt if version.is_none_or(|version| version >= ZOT_CRYPT) => {
            sha_crypt(hash).ok_or_else(|| "its hash is malformed".to_owned())
        }
        algorithm @ (Algorithm::Sha256Crypt | Algorithm::Sha512Crypt) => {
            Err(format!("its hash is {}, which zot takes since 2.1.11", algorithm.name()))
        }
        _ if hash.starts_with(b"$2x$") => Err("its bcrypt hash begins with $2x$".to_owned()),
        Algorithm::Bcrypt(_) => go_bcrypt(hash).ok_or_else(|| MALFORMED.to_owned()),
        _ => Err(not_bcrypt(hash)),
    }
}

/// `$5$` or `$6$`, maybe the rounds, a salt of up to 16 letters, and 43 or 86 letters of hash.
fn sha_crypt(hash: &[u8]) -> Option<()> {
    let mut parts: Vec<&[u8]> = hash.split(|byte| *byte == b'$').skip(1).collect();
    let length = if *parts.first()? == b"5" { 43 } else { 86 };
    if parts.get(1)?.starts_with(b"rounds=") {
        parts.remove(1);
    }
    let [_, salt, hash] = parts.as_slice() else { return None };
    (salt.len() <= 16 && hash.len() == length && hash.iter().copied().all(is_bcrypt_letter)).then_some(())
}

fn apache_hash(hash: &[u8]) -> Result<(), String> {
    let whole = match Algorithm::of(hash) {
        Algorithm::Bcrypt(_) => hash.len() == 60 && go_bcrypt(hash).is_some(),
        Algorithm::Sha256Crypt | Algorithm::Sha512Crypt => sha_crypt(hash).is_some(),
        Algorithm::Plain => return Err(not_bcrypt(hash)),
        // The others are as the system's crypt(3) has them.
        _ => !hash.contains(&b':') && !hash.ends_with(b" "),
    };
    if whole { Ok(()) } else { Err("its hash is malformed".to_owned()) }
}

fn cost_note(cost: u32) -> Option<String> {
    if cost < WEAK_COST {
        return Some(format!("its cost {cost} makes the password quick to guess for who gets the file"));
    }
    // 60 ms at cost 10 on the machine where this was measured.
    let seconds = 0.06 * f64::from(2u32.pow(cost.min(31).saturating_sub(10)));
    (cost > SLOW_COST).then(|| {
        format!("its cost {cost} takes some {seconds:.1} s of a processor for each request where logins are not remembered")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$2y$10$2b/RYe1urYap8jro6M25ou7htJb4SXRaboNGrhlqcrx6nbaPTW6Yy";

    fn verdicts(text: &str) -> Vec<(usize, String)> {
        let judged = judge(text.as_bytes(), &Reader::ALL);
        let word = |line: &Judged| line.verdicts.iter().map(|(_, verdict)| if verdict.is_ok() { '+' } else { '-' }).collect();
        judged.iter().map(|line| (line.line, word(line))).collect()
    }

    #[test]
    fn who_accepts_what() {
        // zot, Distribution, Apache, embedded.
        for (line, expected) in [
            (format!("u:{HASH}"), "++++"),
            (format!("u:{HASH}\r"), "++++"),
            (format!("u:{}", HASH.replace("2y", "2x")), "-++-"),
            (format!("u:{HASH}:more"), "++--"),
            (format!("u:{HASH} "), "++-+"),
            (format!(" u:{HASH}"), "-++-"),
            (format!("\u{feff}u:{HASH}"), "----"),
            (format!(":{HASH}"), "-++-"),
            (format!("u:{}", &HASH[..59]), "----"),
            ("u:secret".to_owned(), "----"),
            ("u:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=".to_owned(), "--+-"),
            ("u".to_owned(), "----"),
        ] {
            assert_eq!(verdicts(&line), [(1, expected.to_owned())], "{line}");
        }
    }

    #[test]
    fn a_line_may_block_all_others() {
        let text = format!("u:{HASH}\nno colon\n");
        assert_eq!(verdicts(&text), [(1, "+--+".to_owned()), (2, "----".to_owned())]);
        let text = format!("u:{HASH}\n#{}\nv:{HASH}\n", "x".repeat(GO_LINE_MAX));
        assert_eq!(verdicts(&text), [(1, "+--+".to_owned()), (2, "----".to_owned()), (3, "---+".to_owned())]);
    }

    #[test]
    fn of_two_lines_with_one_name_the_last_counts() {
        assert_eq!(verdicts(&format!("u:{HASH}\nu:{HASH}\n")), [(1, "----".to_owned()), (2, "++-+".to_owned())]);
    }

    #[test]
    fn a_user_behind_a_hash_sign_is_one_for_zot() {
        assert_eq!(verdicts(&format!("# people: anna\n#u:{HASH}\n")), [(2, "+---".to_owned())]);
        let old = [Reader::Zot(Some(Version::new(2, 1, 10)))];
        let sha = b"u:$5$abcdefgh$ZLdkj8mkc2XVSrPVjskDAgZPGjtj1VGVaa1aUkrMTU/";
        assert!(judge(sha, &old)[0].verdicts[0].1.is_err());
        assert!(judge(sha, &[Reader::Zot(None)])[0].verdicts[0].1.is_ok());
    }

    #[test]
    fn a_cost_is_told_when_it_is_too_low_or_too_high() {
        let notes =
            |cost: &str| judge(format!("u:{}", HASH.replace("$10$", cost)).as_bytes(), &[Reader::Embedded])[0].notes.join(" ");
        assert_eq!(notes("$10$"), "");
        assert!(notes("$05$").starts_with("its cost 5 makes the password quick to guess"));
        assert!(notes("$15$").starts_with("its cost 15 takes some 1.9 s of a processor"));
    }
}
