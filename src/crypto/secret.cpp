#include "quantconf/secret.hpp"

#include "base/assert.hpp"
#include "base/utf8.hpp"
#include "crypto/secret_bytes.hpp"

namespace quantconf {

struct Secret::Content {
    std::string reference = {};                    // Empty for a plain text.
    std::optional<std::uint64_t> version = {};     // Only of a resolved reference.
    std::optional<crypto::SecretBytes> text = {};  // Nothing for an unresolved reference.
    SecretFacts facts = {};
};

namespace {

/// "polygon_key@previous" of "SECURE:?polygon_key@previous".
std::string_view name_of(std::string_view reference, bool with_version) {
    reference.remove_prefix(reference.starts_with("SECURE:") ? std::string_view{"SECURE:"}.size() : 0);
    reference.remove_prefix(reference.starts_with('?') ? 1 : 0);
    return with_version ? reference : reference.substr(0, reference.find('@'));
}

}  // namespace

Secret Secret::reference(std::string_view text) {
    return text.empty() ? Secret{}
                        : Secret{std::make_shared<const Content>(Content{.reference = std::string{text}})};
}

Secret Secret::plain(std::string_view text) {
    return text.empty()
               ? Secret{}
               : Secret{std::make_shared<const Content>(Content{.text = crypto::SecretBytes::copy_of(text)})};
}

Secret Secret::resolved(std::string_view reference, std::uint64_t version, std::string_view text,
                        SecretFacts facts) {
    QC_ASSERT(!reference.empty());
    return Secret{std::make_shared<const Content>(Content{.reference = std::string{reference},
                                                          .version = version,
                                                          .text = crypto::SecretBytes::copy_of(text),
                                                          .facts = std::move(facts)})};
}

std::string_view Secret::reference() const noexcept {
    return content_ ? std::string_view{content_->reference} : std::string_view{};
}

std::optional<std::uint64_t> Secret::version() const noexcept {
    return content_ ? content_->version : std::nullopt;
}

const SecretFacts& Secret::facts() const noexcept {
    static const SecretFacts kNone;
    return content_ ? content_->facts : kNone;
}

std::optional<std::string_view> Secret::text() const noexcept {
    const auto* bytes = content_ && content_->text ? &*content_->text : nullptr;
    return bytes != nullptr ? std::optional{bytes->view()} : std::nullopt;
}

std::string Secret::description() const {
    if (empty()) {
        return "<no secret>";
    }
    if (!is_reference()) {
        return "<secret>";
    }
    std::string shown = "<secret " + escaped(name_of(reference(), !version()));
    if (const auto number = version()) {
        shown += " v" + std::to_string(*number);
    }
    return shown + ">";
}

}  // namespace quantconf
