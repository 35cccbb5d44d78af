//! The list of accounts that shards share: JSON lines, in account order.
//!
//! ```text
//! {"account-list":{"version":1,"header":{…},"discovered":{…},"once":{…}}}    what discovery saw
//! {"account":{…}} …                                                         one line an account
//! {"footer":{"accounts":5000}}
//! ```

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, Write},
};

use model::{
    Account, AccountId,
    snapshot::{Discovered, Header},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the list's form. Readers accept this and every earlier one.
const VERSION: u32 = 1;

/// What discovery saw beside the accounts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AccountListHead {
    version: u32,
    /// The header of the run.
    pub header: Header,
    /// What discovery learned by its end.
    pub discovered: Discovered,
    /// What is asked once a run and noted in each record; only who collects knows what is in it.
    pub once: serde_json::Value,
}

impl AccountListHead {
    /// Returns the head of a list.
    pub const fn new(header: Header, discovered: Discovered, once: serde_json::Value) -> Self {
        Self {
            version: VERSION,
            header,
            discovered,
            once,
        }
    }

    /// Returns the header of the run with what discovery learned.
    pub fn complete_header(&self) -> Header {
        self.discovered.complete(self.header.clone())
    }
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Line<'a> {
    AccountList(Box<Cow<'a, AccountListHead>>),
    Account(Cow<'a, Account>),
    Footer(Footer),
}

#[derive(Deserialize, Serialize)]
struct Footer {
    accounts: u64,
}

/// Why a list of accounts cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum AccountListError {
    /// The file could not be read or written.
    #[error("the list of accounts cannot be read or written")]
    Io(#[from] std::io::Error),
    /// A line is not what it must be.
    #[error("line {line} of the list of accounts is malformed")]
    Malformed {
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// It was cut or altered.
    #[error("the list of accounts was cut short or altered: {0}")]
    Altered(&'static str),
    /// A newer version wrote it.
    #[error(
        "the list of accounts has version {0}, and this version reads up to {VERSION}: use a newer mfaudit"
    )]
    Newer(u32),
}

/// Writes a list; the accounts must come in account order.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_account_list(
    out: &mut dyn Write,
    head: &AccountListHead,
    accounts: &[Account],
) -> Result<(), AccountListError> {
    let mut write = |line: &Line<'_>| {
        let text = serde_json::to_vec(line);
        let mut text = text.map_err(|source| AccountListError::Malformed { line: 0, source })?;
        text.push(b'\n');
        out.write_all(&text).map_err(AccountListError::Io)
    };
    write(&Line::AccountList(Box::new(Cow::Borrowed(head))))?;
    for account in accounts {
        write(&Line::Account(Cow::Borrowed(account)))?;
    }
    write(&Line::Footer(Footer {
        accounts: accounts.len() as u64,
    }))?;
    out.flush()?;
    Ok(())
}

/// A list of accounts that was seen to be whole; read as it is needed, since it may hold fifty thousand.
#[derive(Debug)]
pub struct AccountListFile {
    head: AccountListHead,
    accounts: u64,
    sha256: String,
    reader: BufReader<File>,
}

impl AccountListFile {
    /// Opens a list, and reads it once to see that it is whole.
    ///
    /// # Errors
    ///
    /// Fails if it is no list, was cut or altered, is not in account order, or was written by a newer version.
    pub fn open(file: File) -> Result<Self, AccountListError> {
        let mut reader = BufReader::new(file);
        let sha256 = digest(&mut reader)?;
        reader.rewind()?;
        let head = first(&mut reader)?;
        let mut list = Self {
            head,
            accounts: 0,
            sha256,
            reader,
        };
        let mut count = 0;
        let mut before: Option<AccountId> = None;
        let footer = list.lines(|account| {
            count += 1;
            let follows = before
                .as_ref()
                .is_none_or(|before| before.number() < account.id.number());
            before = Some(account.id);
            if follows {
                Ok(())
            } else {
                Err(AccountListError::Altered("its accounts are not in order"))
            }
        })?;
        if footer != count {
            return Err(AccountListError::Altered(
                "its footer counts other accounts",
            ));
        }
        list.accounts = count;
        Ok(list)
    }

    /// Returns what discovery saw beside the accounts.
    pub const fn head(&self) -> &AccountListHead {
        &self.head
    }

    /// Returns the SHA-256 of the list, in hexadecimal, by which shards and merge know it.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Returns how many accounts there are.
    pub const fn len(&self) -> u64 {
        self.accounts
    }

    /// Tells whether there is no account.
    pub const fn is_empty(&self) -> bool {
        self.accounts == 0
    }

    /// Hands on every account, in account order.
    ///
    /// # Errors
    ///
    /// Fails where `each` does, or if the file cannot be read again.
    pub fn each<E: From<AccountListError>>(
        &mut self,
        mut each: impl FnMut(Account) -> Result<(), E>,
    ) -> Result<(), E> {
        let again = self.reader.rewind().map_err(AccountListError::Io);
        again.and_then(|()| first(&mut self.reader).map(drop))?;
        self.lines(&mut each).map(drop)
    }

    /// Hands on the accounts from where the reader stands, and returns the footer's count, after which nothing comes.
    fn lines<E: From<AccountListError>>(
        &mut self,
        mut each: impl FnMut(Account) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut number = 1;
        let mut line = Vec::new();
        loop {
            line.clear();
            number += 1;
            let read = self.reader.read_until(b'\n', &mut line);
            if read.map_err(AccountListError::Io)? == 0 {
                return Err(AccountListError::Altered("it has no footer").into());
            }
            let parsed =
                serde_json::from_slice(&line).map_err(|source| AccountListError::Malformed {
                    line: number,
                    source,
                })?;
            match parsed {
                Line::Account(account) => each(account.into_owned())?,
                Line::Footer(footer) => {
                    let rest = self.reader.fill_buf().map_err(AccountListError::Io)?;
                    return if rest.is_empty() {
                        Ok(footer.accounts)
                    } else {
                        Err(AccountListError::Altered("something follows its footer").into())
                    };
                }
                Line::AccountList(_) => {
                    return Err(AccountListError::Altered("a second list begins in it").into());
                }
            }
        }
    }
}

/// Reads the first line, its version first: a newer list may hold what this version cannot read.
fn first(reader: &mut BufReader<File>) -> Result<AccountListHead, AccountListError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Versioned {
        account_list: Version,
    }
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let malformed = |source| AccountListError::Malformed { line: 1, source };
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    let Versioned { account_list } = serde_json::from_slice(&line).map_err(malformed)?;
    if account_list.version > VERSION {
        return Err(AccountListError::Newer(account_list.version));
    }
    match serde_json::from_slice(&line).map_err(malformed)? {
        Line::AccountList(head) => Ok(head.into_owned()),
        Line::Account(_) | Line::Footer(_) => {
            Err(AccountListError::Altered("it does not begin as one"))
        }
    }
}

fn digest(reader: &mut BufReader<File>) -> Result<String, AccountListError> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        digest.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(data_encoding::HEXLOWER.encode(&digest.finalize()))
}
