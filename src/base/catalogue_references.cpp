#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// SECURE: and ${...}.
constexpr CatalogueEntry kReferences[] = {
    {.code = Code::BadSecretReference,
     .name = "malformed reference to a secret",
     .meaning = "A reference is written SECURE:name and is the whole value. The name begins with a "
                "letter or digit and has at most 128 letters, digits, dots, dashes and underscores; "
                "`SECURE:?name` is optional, `SECURE:name@3` and `SECURE:name@previous` choose a "
                "version.",
     .example = R"(database:
  password: SECURE:database password)",
     .remedy = "Correct the name (`quantconf secret list` shows all). A text that really begins with "
               "SECURE: is written SECURE::."},
    {.code = Code::MisplacedSecretReference,
     .name = "reference in a field that is no secret",
     .meaning = "SECURE:name works only in fields that are declared as secrets. In any other field "
                "the secret would be shown in output, logs and history.",
     .example = R"(database:
  host: SECURE:database_host)",
     .remedy = "Write the value itself. If it must stay secret, the schema has to declare the field "
               "as a secret."},
    {.code = Code::PlainTextSecret,
     .name = "secret as plain text",
     .meaning = "A secret field holds the secret itself instead of a reference. Whoever can read the "
                "file, a backup or the version control knows it. In production this is an error, "
                "elsewhere a warning.",
     .example = R"(database:
  password: my password)",
     .remedy = "Store it with `quantconf secret set database_password`, write "
               "`SECURE:database_password` here, and change the secret if the file was ever shared "
               "or committed."},
    {.code = Code::SecretInVariable,
     .name = "secret in a variable",
     .meaning = "A variable holds a secret as plain text. Variables can be read by other processes of "
                "the same user, are passed on to every child and end up in crash reports, so only a "
                "reference or a file is taken, unless the field allows it.",
     .example = R"(export QUANTBOT_DATABASE_PASSWORD='my password')",
     .remedy = "Set the variable to SECURE:name, or put the secret into a file and set "
               "QUANTBOT_DATABASE_PASSWORD_FILE to its path."},
    {.code = Code::UnresolvedReference,
     .name = "reference to nothing",
     .meaning = "${path} takes the value of another field and ${env:NAME} that of a variable. Here "
                "there is no such value, and an empty text in its place would be a guess.",
     .example = R"(data_dir: ${env:DATA_DIR}/prices)",
     .remedy = "Set the value, correct the name, or give a default: ${env:DATA_DIR:-/var/lib/bot}. A "
               "dollar sign that is meant as such is written $$ in front of a brace."},
    {.code = Code::ReferenceCycle,
     .name = "references in a circle",
     .meaning = "The value refers to another one that, perhaps over several steps, refers back to it. "
                "The message shows the whole circle.",
     .example = R"(paths:
  data: ${paths.cache}/data
  cache: ${paths.data}/cache)",
     .remedy = "Write one of the values out."},
    {.code = Code::BadInterpolation,
     .name = "${...} not understood",
     .meaning = "A reference is ${path}, ${env:NAME} or either with a default: ${path:-default}. It "
                "is not closed, empty, nested too deeply, or stands in a secret field, where nothing "
                "is ever replaced. `$x` without braces is never touched.",
     .example = R"(log_dir: ${paths.logs)",
     .remedy = "Close the brace or correct the path. Write $${ for a literal ${."},
    {.code = Code::MissingSecret,
     .name = "no such secret",
     .meaning = "The configuration names a secret, or a version of one, that the store does not have. The "
                "text of the reference is never used in place of the secret, so that no provider is ever "
                "sent it. A program that opens with missing_secrets = absent gets a warning and an empty "
                "field instead.",
     .example = R"(data_sources:
  polygon_api_key: SECURE:polygon_key)",
     .remedy = "Store it with `quantconf secret set polygon_key`, or correct the name (`quantconf secret "
               "list` shows all). Where the program can do without, write SECURE:?polygon_key."},
    {.code = Code::UnreadableSecret,
     .name = "secret that cannot be decrypted",
     .meaning = "The store has the secret, but its record is damaged or was tampered with. Other secrets "
                "stay readable.",
     .example = R"(database:
  password: SECURE:database_password)",
     .remedy = "`quantconf secret verify` names every bad record. Set the secret again, or restore the store "
               "from a backup; `secrets.qcs.prev` beside it is the generation before."},
    {.code = Code::SecretNotForEnvironment,
     .name = "secret of another environment",
     .meaning = "The secret was set with `--env` for other environments than the one that is loaded, so "
                "that a test run cannot trade with the real account.",
     .example = R"(# development.yaml, with a secret that was set with --env production
data_sources:
  polygon_api_key: SECURE:polygon_live_key)",
     .remedy = "Refer to the secret of this environment, or set it again with this environment among its "
               "`--env`."},
    {.code = Code::SecretStoreUnavailable,
     .name = "secret store cannot be opened",
     .meaning =
         "The configuration refers to secrets, but the store could not be opened: it is not there, its "
         "key is not there or another one, or the file is damaged. Said once for all references.",
     .example = R"(QUANTCONF_KEY_FILE=/nowhere quantconf check)",
     .remedy = "The message names the file and the reason. `quantconf secret verify` and `quantconf doctor` "
               "say more."},
    {.code = Code::SecretExpired,
     .name = "expired secret",
     .meaning = "The secret is past the date that it was set with. It is still used: whether the provider "
                "takes it is for the provider to say.",
     .example = R"(quantconf secret set polygon_key --expires 2026-01-31)",
     .remedy = "Get a new one and `quantconf secret rotate polygon_key`."},
};

}  // namespace

std::span<const CatalogueEntry> references() {
    return kReferences;
}

}  // namespace quantconf::chapters
