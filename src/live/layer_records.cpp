#include "live/layer_records.hpp"

#include <algorithm>

#include "crypto/sha256.hpp"
#include "live/problem.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::live {
namespace {

using Versions = std::vector<std::pair<std::string, std::uint32_t>>;

void add_references(const Value& value, Versions& versions) {
    if (value.kind() == Value::Kind::Map) {
        for (const auto& [name, member] : value.members()) {
            add_references(member, versions);
        }
    } else if (value.kind() == Value::Kind::List) {
        for (const Value& item : value.items()) {
            add_references(item, versions);
        }
    } else if (value.kind() == Value::Kind::Secret) {
        if (const auto reference = schema::parse_secret_reference(value.secret_reference())) {
            versions.emplace_back(reference->name, reference->version);
        }
    }
}

}  // namespace

std::vector<history::LayerRecord> layer_records(const layers::Candidate& candidate) {
    std::vector<history::LayerRecord> records;
    for (const layers::Layer& layer : candidate.layers) {
        const bool is_file = layer.source->kind() == Source::Kind::File;
        records.push_back({.layer = layer.name,
                           .name = layer.source->name(),
                           .sha256 = is_file ? crypto::sha256_hex(layer.source->text()) : std::string{}});
    }
    return records;
}

std::vector<std::pair<std::string, std::uint32_t>> secret_versions(const layers::Candidate& candidate) {
    Versions versions;
    add_references(candidate.root, versions);
    for (const layers::CandidateSecret& secret : candidate.secrets) {
        const auto reference = schema::parse_secret_reference(secret.reference);
        if (reference && secret.version != 0) {
            versions.emplace_back(reference->name, static_cast<std::uint32_t>(secret.version));
        }
    }
    std::ranges::sort(versions);
    // The highest of each name: 0 is no version beside one that is known.
    const auto later = std::ranges::unique(versions.rbegin(), versions.rend(), {},
                                           &std::pair<std::string, std::uint32_t>::first);
    versions.erase(versions.begin(), later.begin().base());
    return versions;
}

Error inside_callback(std::string operation) {
    return {.operation = std::move(operation),
            .subject = "the configuration",
            .cause = make_error_code(Problem::InsideCallback),
            .hint = "hand the change to another thread"};
}

}  // namespace quantconf::live
