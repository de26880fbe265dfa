#include "live/canonical_layer.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

#include "format/parse.hpp"
#include "value/node.hpp"

namespace quantconf::live {
namespace {

/// The bytes of one secret, and those of its reference within them.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t reference_begin = 0;
    std::uint32_t reference_end = 0;
};

/// In the order of the text. As deep as the schema is.
void find_secrets(const Field& field, const value::Node& node, std::vector<Span>& found) {
    if (field.type == Type::Secret) {
        if (node.kind == value::NodeKind::Map) {
            if (const value::Entry* reference = node.find("secret")) {
                found.push_back({node.begin, node.end, reference->value.begin, reference->value.end});
            }
        }
        return;
    }
    if (field.type == Type::List && node.kind == value::NodeKind::List) {
        for (const value::Node& item : node.list()) {
            find_secrets(field.element(), item, found);
        }
    }
    if (node.kind != value::NodeKind::Map || (field.type != Type::Struct && field.type != Type::Map)) {
        return;
    }
    for (const value::Entry& entry : node.map()) {
        const Field* member = field.type == Type::Struct ? field.member(entry.key()) : &field.element();
        if (member != nullptr) {
            find_secrets(*member, entry.value, found);
        }
    }
}

}  // namespace

std::string layer_of_canonical(const Schema& schema, const std::string& canonical) {
    const auto source = Source::make(Source::Kind::File, "base", "version", canonical);
    const format::Parsed parsed = format::parse_json(source);
    std::vector<Span> secrets;
    if (parsed.document != nullptr) {
        find_secrets(schema.root(), parsed.document->root, secrets);
    }
    const std::string_view all = canonical;
    std::string text;
    std::uint32_t done = 0;
    for (const Span& secret : secrets) {
        text += all.substr(done, secret.begin - done);
        text += all.substr(secret.reference_begin, secret.reference_end - secret.reference_begin);
        done = secret.end;
    }
    return text + std::string{all.substr(done)};
}

}  // namespace quantconf::live
