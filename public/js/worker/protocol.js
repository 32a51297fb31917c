// PostgreSQL's simple query protocol: one text out, one answer back.
//
// PGlite parses the wire messages; what they mean is decided here, so that every value stays the text that PostgreSQL
// wrote and a statement that ended without a word from the server is noticed.

const encoder = new TextEncoder();

/** A message: its letter, its length, its content. */
function message(letter, content) {
  const bytes = new Uint8Array(content.length + 5);
  bytes[0] = letter.charCodeAt(0);
  new DataView(bytes.buffer).setUint32(1, content.length + 4);
  bytes.set(content, 5);
  return bytes;
}

/** The `Q` message for one SQL text. */
export function queryMessage(sql) {
  return message('Q', encoder.encode(`${sql}\0`));
}

/** The messages that prepare one SQL text without a name, ask what it returns, and end that. */
export function describeMessages(sql) {
  return [
    message('P', encoder.encode(`\0${sql}\0\0\0`)),
    message('D', encoder.encode('S\0')),
    message('S', new Uint8Array(0)),
  ];
}

/** The error of a text that cannot be sent: the message would end at its first NUL, and half a statement would run. */
export function unsendable(sql) {
  if (!sql.includes('\0')) return null;
  return databaseError({ code: '22021', message: 'invalid byte sequence for encoding "UTF8": 0x00' });
}

const STOPPED = 'the database stopped in the middle of the statement and gave no reason; most likely its stack was exhausted';

/** Commands whose tag ends in a number of rows. */
const COUNTED = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|SELECT|COPY|MOVE|FETCH) (\d+)$/;

function affected(tag) {
  const found = COUNTED.exec(tag);
  return found ? Number(found[1]) : null;
}

/** The engine's `DbError`. */
function databaseError(message) {
  return {
    code: message.code ?? 'XX000',
    message: message.message,
    severity: message.severity ?? 'ERROR',
    detail: message.detail ?? null,
    hint: message.hint ?? null,
    position: message.position === undefined ? null : Number(message.position),
    context: message.where ?? null,
    schema: message.schema ?? null,
    table: message.table ?? null,
    column: message.column ?? null,
    constraint: message.constraint ?? null,
  };
}

/** The engine's `Notice`. */
function notice(message) {
  return {
    severity: message.severity ?? 'NOTICE',
    code: message.code ?? '00000',
    message: message.message,
  };
}

/**
 * What the server's messages say about one statement: `{answer}`, `{error}` or `{lost}`.
 *
 * PGlite swallows a WebAssembly stack overflow, and the messages then simply stop: an answer counts only with a command
 * tag (or the word that the text was empty), and nothing counts unless the server says that it is ready again.
 */
export function readAnswer(messages) {
  const notices = [];
  let rows = [];
  let tag = null;
  let error = null;
  for (const message of messages) {
    switch (message.name) {
      case 'rowDescription':
        rows = [];
        break;
      case 'dataRow':
        rows.push(message.fields);
        break;
      case 'commandComplete':
        tag = message.text;
        break;
      case 'emptyQuery':
        tag = '';
        break;
      case 'notice':
        notices.push(notice(message));
        break;
      case 'error':
        error ??= databaseError(message);
        break;
    }
  }
  const ended = messages.at(-1)?.name === 'readyForQuery';
  if (ended && error) return { error };
  if (!ended || tag === null) return { lost: STOPPED };
  return { answer: { rows, affected: affected(tag), notices } };
}

/**
 * What the server's messages say about a text that was to be prepared: `{answer}` with a row of name and type (its OID)
 * for each column that it returns, `{error}` or `{lost}`.
 */
export function readDescription(messages) {
  const error = messages.find((message) => message.name === 'error');
  const ended = messages.at(-1)?.name === 'readyForQuery';
  if (ended && error) return { error: databaseError(error) };
  if (!ended || !messages.some((message) => message.name === 'parseComplete')) return { lost: STOPPED };
  const fields = messages.find((message) => message.name === 'rowDescription')?.fields ?? [];
  const rows = fields.map((field) => [field.name, String(field.dataTypeID)]);
  return { answer: { rows, affected: null, notices: [] } };
}
