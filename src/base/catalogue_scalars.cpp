#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// One value against its field.
constexpr CatalogueEntry kScalars[] = {
    {.code = Code::WrongType,
     .name = "wrong type",
     .meaning = "The value is not of the kind that the field needs: a text where a number belongs, a "
                "number where true or false belongs. Nothing is converted by guessing; 5.0 is not a "
                "whole number and 1 is not true.",
     .example = R"(trading:
  max_position_size: small)",
     .remedy = "Write a value of the expected kind. `quantconf explain PATH` shows what the field "
               "takes, with an example."},
    {.code = Code::QuotedScalar,
     .name = "quoted where a number or boolean belongs",
     .meaning = "Quotes make a value a text. This field needs a number, boolean or the like, and "
                "\"5\" in quotes may be a mistake or a text from another tool, so it is not "
                "converted.",
     .example = R"(monitoring:
  metrics_port: "8080")",
     .remedy = "Delete the quotes."},
    {.code = Code::OutOfRange,
     .name = "out of range",
     .meaning = "The value lies outside of what the field allows. It is never moved to the nearest "
                "limit: a position size of 5 instead of 0.05 must stop the start, not trade at the "
                "maximum. Bounds may be stricter in production.",
     .example = R"(trading:
  max_position_size: 5)",
     .remedy = "Choose a value inside the range that the message names. Mind the unit: 5% is written "
               "0.05."},
    {.code = Code::LeadingZero,
     .name = "number with a leading zero",
     .meaning = "A number such as 012 is ten for some programs and twelve for others. It is refused "
                "in number fields; in text fields it stays exactly as written.",
     .example = R"(retry_attempts: 012)",
     .remedy = "Write 12 if you mean twelve. An octal number is written 0o12."},
    {.code = Code::NotFinite,
     .name = "infinity or not a number",
     .meaning = "Infinity and NaN (\"not a number\") are refused: every comparison with NaN is false, "
                "so a limit of NaN would never stop a trade. Only fields that say so take .inf or "
                ".nan.",
     .example = R"(trading:
  max_daily_loss: .nan)",
     .remedy = "Write a number. To switch a limit off, look in the field reference for the field "
               "that does so."},
    {.code = Code::Overflow,
     .name = "number too large to hold",
     .meaning = "The number is larger than a computer's numbers can hold (1e400, or a duration of a "
                "thousand years). It would become infinity or wrap around to a small one.",
     .example = R"(trading:
  max_daily_loss: 1e400)",
     .remedy = "Write a smaller number; check for a repeated digit or a wrong unit."},
    {.code = Code::NotExact,
     .name = "number that cannot be held exactly",
     .meaning = "Whole numbers above 9007199254740992 (2 to the power of 53) cannot be held exactly "
                "in a field for decimal numbers: another number would be used than you wrote.",
     .example = R"(notional_limit: 9007199254740993)",
     .remedy = "Write a smaller or a rounded number. An identifier belongs into a text field, in "
               "quotes."},
    {.code = Code::MissingUnit,
     .name = "unit missing",
     .meaning = "A duration or size without unit is ambiguous: 30 could be seconds or milliseconds, "
                "and a factor of 1000 in a timeout is a different trading system.",
     .example = R"(timeout: 30)",
     .remedy = "Write the unit: 30s, 500ms, 1h30m for durations (ns us ms s m h d); 512MiB, 10GB for "
               "sizes."},
    {.code = Code::UnknownUnit,
     .name = "unknown unit",
     .meaning = "The unit is not one of ours. Durations: ns us ms s m h d, in lower case. Sizes: B, "
                "kB MB GB TB (powers of ten), KiB MiB GiB TiB (powers of two). Ambiguous ones, such "
                "as KB or a single letter, are refused.",
     .example = R"(timeout: 30sec
cache_size: 512KB)",
     .remedy = "Write 30s and 512kB (512,000 bytes) or 512KiB (524,288 bytes)."},
    {.code = Code::PatternMismatch,
     .name = "text does not have the expected form",
     .meaning = "The field takes only texts of a certain form, which is described by a pattern (a "
                "regular expression). The whole text must match, not a part of it.",
     .example = R"(account: 12-34        # the pattern is [0-9]{8})",
     .remedy = "Compare with the pattern in the message and the example that `quantconf explain "
               "PATH` shows; look for spaces at the ends."},
    {.code = Code::NotInEnum,
     .name = "not one of the choices",
     .meaning = "The field takes one of a few words, in exactly this spelling. Another word is not "
                "replaced by a default.",
     .example = R"(monitoring:
  log_level: verbose)",
     .remedy = "Use one of the words that the message lists; capital letters count."},
    {.code = Code::Length,
     .name = "too short or too long",
     .meaning = "The text, list or section has fewer or more characters, items or entries than the "
                "field allows. For secrets the length itself is never shown.",
     .example = R"(trading:
  symbols: []          # at least one is needed)",
     .remedy = "Add or remove until it fits the bounds in the message. Remember that a list of a "
               "higher layer replaces the one beneath; `!append` adds to it."},
    {.code = Code::BadUrl,
     .name = "not a valid address",
     .meaning = "The text is not a complete URL, or its scheme is not allowed here. A URL has a "
                "scheme and a host: https://example.com/path.",
     .example = R"(alert_webhook_url: hooks.example.com/services)",
     .remedy = "Write the whole address with its scheme. Do not put user and password into it; use a "
               "secret field for those."},
    {.code = Code::BadHost,
     .name = "not a valid host",
     .meaning = "The field takes the name of a machine (db1.example.com), an IPv4 address or an IPv6 "
                "address, and nothing else: no scheme, no port, no path, no spaces.",
     .example = R"(database:
  host: http://db1:5432)",
     .remedy = "Write only the name or address; the port has a field of its own."},
    {.code = Code::UnknownTimeZone,
     .name = "unknown time zone",
     .meaning = "Time zones are written with their IANA name, such as US/Eastern or Europe/London. "
                "Abbreviations such as EST ignore daylight saving time and would move market hours by "
                "an hour; offsets do so too.",
     .example = R"(timezone: New York)",
     .remedy = "Write America/New_York. The hint suggests names that are near."},
    {.code = Code::NullNotAllowed,
     .name = "null is not a value of this field",
     .meaning = "`null`, `~` or nothing behind the colon is the value \"nothing\", which only "
                "optional fields take. It does not delete what lower layers set; both places are "
                "shown.",
     .example = R"(trading:
  max_position_size:)",
     .remedy = "Write a value. To go back to the value of a lower layer, delete the line; to remove "
               "a value of a lower layer, write `!delete`."},
    {.code = Code::EscapedNul,
     .name = "NUL character in a text",
     .meaning = "The text contains \"\\0\". Many programs take it for the end of the text, so what is "
                "checked and what is used could differ.",
     .example = R"(name: "abc\0def")",
     .remedy = "Delete the escape."},
    {.code = Code::BooleanSpelling,
     .name = "boolean in an unknown spelling",
     .meaning = "In files only true and false (also True, TRUE, False, FALSE) are booleans. yes, no, "
                "on and off mean one thing in YAML 1.1 and another in 1.2, so they are refused "
                "instead of guessed. Variables and --set also take yes, no, on, off, 1 and 0.",
     .example = R"(debug: yes)",
     .remedy = "Write true or false."},
    {.code = Code::NumberSpelling,
     .name = "number in an unknown spelling",
     .meaning = "The text looks like a number but is none that we read: binary (0b11), underscores at "
                "the ends or doubled (1__0), or thousands separated by commas. 1000, 1_000, 0x1F and "
                "0o17 are fine for whole numbers; 1e3 is a decimal number.",
     .example = R"(retry_attempts: 0b11)",
     .remedy = "Write it in plain digits, here 3."},
    {.code = Code::WrongShape,
     .name = "section, list or value expected",
     .meaning = "The field needs another shape: a section (keys with values), a list, or a single "
                "value. Here something else stands.",
     .example = R"(trading: 0.05)",
     .remedy = "Write the keys of the section indented below it, items of a list with a dash or in "
               "[brackets], or the plain value. `quantconf explain PATH` shows an example."},
};

}  // namespace

std::span<const CatalogueEntry> scalars() {
    return kScalars;
}

}  // namespace quantconf::chapters
