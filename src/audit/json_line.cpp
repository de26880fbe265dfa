#include <fmt/format.h>

#include "audit/read.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"

namespace quantconf::audit {
namespace {

std::string hex_of(std::string_view bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char byte : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

void write_record(JsonWriter& json, const Record& record) {
    json.member("at", to_rfc3339(record.at));
    json.member("phase", to_text(record.phase));
    json.member("result", to_text(record.result));
    json.member("keyed", record.is_keyed);
    json.key("refers_to");
    record.refers_to == 0 ? json.null() : json.value(record.refers_to);
    json.member("host", escaped(record.actor.host));
    json.member("uid", record.actor.uid);
    json.member("user", escaped(record.actor.user));
    json.member("pid", record.actor.pid);
    json.member("program", escaped(record.actor.program));
    json.member("action", escaped(record.action));
    json.member("target", escaped(record.target));
    json.member("from", escaped(record.from));
    json.member("to", escaped(record.to));
    json.member("detail", escaped(record.detail));
}

}  // namespace

std::string to_json_line(const StoredRecord& stored) {
    JsonWriter json{JsonWriter::Layout::Compact};
    json.begin_object();
    json.member("seq", stored.seq);
    json.member("damaged", !stored.record.has_value());
    if (stored.record) {
        write_record(json, *stored.record);
    }
    json.member("record", hex_of(stored.bytes));
    json.member("mac", hex_of(crypto::view_of(stored.mac)));
    json.end_object();
    return json.take();
}

}  // namespace quantconf::audit
