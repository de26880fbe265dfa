#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// The text of a YAML, JSON or .env file.
constexpr CatalogueEntry kStructure[] = {
    {.code = Code::Syntax,
     .name = "syntax error",
     .meaning = "The text is not valid YAML, so nobody can say what it means. The position is where "
                "reading had to stop; the cause often stands a line earlier: a missing colon, bracket "
                "or quote, or wrong indentation.",
     .example = R"(trading:
  max_position_size 0.05)",
     .remedy = "Look at the marked place and the line above it. Every key needs a colon and a space "
               "behind it; texts with special characters need quotes; keys of one section stand in "
               "the same column."},
    {.code = Code::DuplicateKey,
     .name = "duplicate key",
     .meaning = "The same key stands twice in one section. Other programs silently take the first or "
                "the last one, so a limit that you corrected might not be the one in force. We refuse "
                "both.",
     .example = R"(trading:
  max_position_size: 0.05
  max_position_size: 0.5)",
     .remedy = "Delete one of the two lines; both places are shown. A section that stands twice must "
               "become one."},
    {.code = Code::KeysDifferInCase,
     .name = "keys that differ only in case",
     .meaning = "Two keys of one section differ only in capital letters, be it in one file, in two layers or "
                "beside a default. Keys are case-sensitive, so only one of them can be the right one, and "
                "a reader of the files cannot see which.",
     .example = R"(database:
  host: db1
  Host: db2)",
     .remedy = "Keep the spelling of the field reference (`quantconf schema docs`), which is lower "
               "case, and delete the other."},
    {.code = Code::KeyNotText,
     .name = "key is not a text",
     .meaning = "A key must be a plain name. An empty key, null, a list or a section cannot be a key. "
                "(A number is allowed: it is taken as the text that was written.)",
     .example = R"(trading:
  ~: 5)",
     .remedy = "Write a name in front of the colon. If the text begins with `?`, `[` or `{`, put it "
               "in quotes."},
    {.code = Code::KeyCharacters,
     .name = "characters that a key may not have",
     .meaning = "The key holds characters that look like others or like nothing: control characters, "
                "letters of two scripts mixed (a Cyrillic \"a\" in a Latin word), or a letter in "
                "decomposed form. It would look right and still be another key.",
     .example = R"(# the first "a" is Cyrillic
trаding:
  max_position_size: 0.05)",
     .remedy = "Type the key again by hand instead of copying it from a web page or a chat."},
    {.code = Code::DottedKey,
     .name = "dot in a key",
     .meaning = "A key in a file is one name, not a path: `trading.max_position_size: 0.05` would be "
                "a new key with a dot in it, and the limit that you meant would not change.",
     .example = R"(trading.max_position_size: 0.05)",
     .remedy = "Write it as a section: `trading:` and, indented on the next line, "
               "`max_position_size: 0.05`. Paths with dots are for the command line (`--set`, `get`, "
               "`explain`)."},
    {.code = Code::TabIndentation,
     .name = "tab used for indentation",
     .meaning = "YAML allows only spaces in front of a line. A tab has no fixed width, so it is "
                "unclear to which section the line belongs.",
     .example = R"(trading:
	max_position_size: 0.05    # a tab stands here)",
     .remedy = "Replace the tab by two spaces, and set your editor to \"insert spaces\" for YAML "
               "files."},
    {.code = Code::InvalidUtf8,
     .name = "not UTF-8",
     .meaning = "The file holds bytes that are not UTF-8, most often because it was saved as Latin-1 "
                "or Windows-1252. Reading on would turn letters into others.",
     .example = R"(name: caf\xe9        # the byte E9 of Latin-1)",
     .remedy = "Save the file as UTF-8 in your editor, or convert it: `iconv -f latin1 -t utf-8 "
               "old.yaml > new.yaml`."},
    {.code = Code::ControlCharacter,
     .name = "control character",
     .meaning = "The text holds a character that cannot be seen and does not belong into a text, such "
                "as NUL, backspace or escape. It often comes from a damaged file or from copied "
                "terminal output.",
     .example = R"(host: db1\x1b[0m     # the bytes of a terminal colour)",
     .remedy = "Delete the character; typing the line again is the quickest way. In double quotes it "
               "can be written as an escape, such as \"\\t\"."},
    {.code = Code::InvisibleCharacter,
     .name = "invisible character",
     .meaning = "The text holds a character that looks like a space or like nothing: a no-break space "
                "(U+00A0), a zero-width space, or a mark that changes the writing direction. YAML "
                "does not take it for a space, so the line means something else than it shows.",
     .example = R"(max_position_size:\u00a00.05     # a no-break space behind the colon)",
     .remedy = "Delete the marked place and type an ordinary space. It usually comes from text "
               "copied from a web page or a document."},
    {.code = Code::SeveralDocuments,
     .name = "several documents in one file",
     .meaning = "A line `---` begins a second YAML document. One file is one layer; everything behind "
                "the line would have no clear place, and some programs silently ignore it.",
     .example = R"(trading:
  max_position_size: 0.05
---
trading:
  max_position_size: 0.5)",
     .remedy = "Delete the line `---` and join the sections, or move the second part into its own "
               "layer."},
    {.code = Code::RootNotMapping,
     .name = "the file is not a set of keys",
     .meaning = "The top level of a configuration file must be keys with values. This file is a list "
                "or a single value.",
     .example = R"(- max_position_size: 0.05
- max_daily_loss: 0.02)",
     .remedy = "Write `key: value` lines at the top level, without dashes in front."},
    {.code = Code::TooDeep,
     .name = "nested too deeply",
     .meaning = "Sections and lists may lie inside each other at most 64 deep. No real configuration "
                "comes near; such a text is damaged or made to crash a reader.",
     .example = R"(a: [[[[[[[[[[[[ ... more than 64 brackets ... ]]]]]]]]]]]])",
     .remedy = "Check the file for repeated brackets, and remove levels that are not needed."},
    {.code = Code::TooManyNodes,
     .name = "too many values",
     .meaning = "One file may hold at most 300,000 keys and values, and one more for each 16 bytes of text. "
                "More than that is data, not configuration, and would slow down every reload.",
     .example = R"(prices: [101.2, 101.3, 101.1]    # ... and three million more)",
     .remedy = "Keep the data in a file of its own and put its path into the configuration."},
    {.code = Code::AliasBomb,
     .name = "aliases that multiply",
     .meaning = "Aliases (`*name`) copy a part of the file. Copies of copies grow so fast that a few "
                "lines become billions of values, so aliases may add at most 100,000 values to one "
                "file.",
     .example = R"(a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]    # and so on)",
     .remedy = "Write the values out, or use fewer levels of aliases. If you did not write this "
               "file, ask who did."},
    {.code = Code::AliasInsideItself,
     .name = "alias inside itself",
     .meaning = "The alias stands inside the very value that it names, so the value would contain "
                "itself without end.",
     .example = R"(trading: &t
  copy: *t)",
     .remedy = "Point the alias to another anchor, or write the value out."},
    {.code = Code::UndefinedAlias,
     .name = "alias without an anchor",
     .meaning = "`*name` repeats the value marked `&name` earlier in the same file, but there is no "
                "such mark. Anchors do not reach across files.",
     .example = R"(trading:
  max_daily_loss: *limit)",
     .remedy = "Correct the name, or put `&limit` in front of the value to repeat, above this line. "
               "A text that begins with `*` must be in quotes."},
    {.code = Code::DuplicateAnchor,
     .name = "anchor defined twice",
     .meaning = "Two values of the file carry the same mark `&name`. Which one `*name` repeats would "
                "depend on the order of the lines.",
     .example = R"(a: &limit 0.05
b: &limit 0.5
c: *limit)",
     .remedy = "Give the two anchors different names."},
    {.code = Code::BadMergeKey,
     .name = "wrong use of the merge key",
     .meaning = "`<<` takes keys over from another section. Behind it must stand an alias of a "
                "section or a list of such aliases, and it may stand only once in a section.",
     .example = R"(defaults: &d
  timeout: 5s
polygon:
  <<: 5)",
     .remedy = "Write `<<: *d`, or `<<: [*a, *b]` for several sections (the earlier one wins). Keys "
               "written beside it always win."},
    {.code = Code::YamlVersion,
     .name = "another YAML version",
     .meaning = "The file asks for a version of YAML other than 1.2. In YAML 1.1 `no` is false, `012` "
                "is ten and `12:30` is 750; with money at stake we read one version only.",
     .example = R"(%YAML 1.1
---
trading:
  enabled: yes)",
     .remedy = "Delete the %YAML line, then write booleans as true or false."},
    {.code = Code::UnknownTag,
     .name = "unknown tag",
     .meaning = "A word with `!` in front is a tag. Besides the types of YAML itself (`!!str`, "
                "`!!int` ...) only our operators are known: `!delete`, `!delete?`, `!replace`, "
                "`!append`, `!prepend` and `!remove`.",
     .example = R"(database:
  password: !vault database_password)",
     .remedy = "Correct the tag or delete it. A secret is written `SECURE:name`. A text that begins "
               "with `!` must be in quotes."},
    {.code = Code::MisplacedOperator,
     .name = "operator where it has no meaning",
     .meaning = "Operators say how a value joins the layers beneath: `!append`, `!prepend` and "
                "`!remove` need a list behind them, `!replace` a section or list, and `!delete` "
                "nothing at all. Inside a list there is nothing to join.",
     .example = R"(trading:
  symbols: !append SPY)",
     .remedy = "Write `!append [SPY]` for one item; write `!delete` alone. `quantconf explain PATH` "
               "shows what lies beneath."},
    {.code = Code::NotJson,
     .name = "not valid JSON",
     .meaning = "A .json file, or a list or section inside a variable, must be JSON exactly: double "
                "quotes around keys and texts, no comments, no comma behind the last item, only true, "
                "false and null as bare words.",
     .example = R"({"trading": {"max_position_size": 0.05,}})",
     .remedy = "Correct the marked place. If you want comments, rename the file to .yaml: YAML takes "
               "the same text and more."},
    {.code = Code::EscapeInPath,
     .name = "backslash that is an escape",
     .meaning = "In double quotes a backslash begins an escape: `\\t` is a tab and `\\n` a line end. "
                "In a Windows path that silently makes another text, so this is a warning.",
     .example = R"(log_file: "C:\temp\new.log"    # a tab and a line end)",
     .remedy = "Use single quotes ('C:\\temp\\new.log'), forward slashes, or double every backslash."},
    {.code = Code::LostCommentTail,
     .name = "the end of the value became a comment",
     .meaning = "A space followed by `#` begins a comment. In a web address or a secret that often "
                "cuts off a part that belonged to the value, so this is a warning.",
     .example = R"(alert_webhook_url: https://example.com/hook #channel)",
     .remedy = "Put the value in quotes if the part behind `#` belongs to it. If it is a comment, "
               "move it to its own line."},
    {.code = Code::DotenvSyntax,
     .name = "not a NAME=value line",
     .meaning = "Every line of a .env file is NAME=value, with an optional `export` in front, an "
                "empty line or a comment that begins with `#`. Names consist of letters, digits and "
                "`_`, and stand only once. Nothing is expanded.",
     .example = R"(QUANTBOT_DEBUG: true)",
     .remedy = "Write `QUANTBOT_DEBUG=true`, without spaces around `=`. A value with spaces or `#` "
               "goes in quotes, which must be closed on the same line."},
};

}  // namespace

std::span<const CatalogueEntry> structure() {
    return kStructure;
}

}  // namespace quantconf::chapters
