#include "sources/answer_facts.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sources/json_look.hpp"
#include "sources/xml_look.hpp"

namespace quantconf::sources {
namespace {

constexpr std::size_t kHeadBytes = 2048;  // Of a body, to tell a web page from XML.

// "title" and "description" are missing on purpose: companies have those.
constexpr auto kErrorNames =
    std::to_array<std::string_view>({"error",        "errors",        "message",
                                     "msg",          "error message", "error_message",
                                     "errormessage", "error_msg",     "error_description",
                                     "error_code",   "information",   "note",
                                     "notice",       "detail",        "details",
                                     "reason",       "fault",         "faultstring",
                                     "code",         "status",        "type",
                                     "warning",      "response",      "json"});

constexpr auto kErrorSections =
    std::to_array<std::string_view>({"error", "errors", "response", "fault", "detail", "details", "json"});

std::string_view without_mark(std::string_view body) {
    return body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_page(std::string_view body) {
    const std::string head = ascii_lower(body.substr(0, kHeadBytes));
    constexpr auto kMarks = std::to_array<std::string_view>(
        {"<!doctype html", "<html", "<head", "<body", "<title", "<script", "<center", "<h1", "<meta"});
    return std::ranges::any_of(kMarks, [&](std::string_view mark) { return head.contains(mark); });
}

/// A text that is no JSON, XML or web page: the provider, or something in front of it, in plain words.
Facts plain(std::string_view body) {
    Facts facts;
    facts.kind = BodyKind::Other;
    facts.facts.push_back({.text = std::string{body.substr(0, kFactTextMax)}, .is_words = true});
    return facts;
}

}  // namespace

bool is_error_name(std::string_view name) noexcept {
    return std::ranges::find(kErrorNames, name) != kErrorNames.end();
}

bool is_error_section(std::string_view name) noexcept {
    return std::ranges::find(kErrorSections, name) != kErrorSections.end();
}

Facts look_at(std::string_view body) {
    body = without_mark(body);
    const auto* const first = std::ranges::find_if_not(body, is_blank);
    if (first == body.end()) {
        return {};
    }
    body.remove_prefix(static_cast<std::size_t>(first - body.begin()));
    if (body.front() == '<') {
        return is_page(body) ? Facts{.kind = BodyKind::Html} : look_at_xml(body);
    }
    Facts facts = look_at_json(body);
    const bool begins_json = body.front() == '{' || body.front() == '[' || body.front() == '"';
    return facts.is_complete() || begins_json ? facts : plain(body);
}

}  // namespace quantconf::sources
