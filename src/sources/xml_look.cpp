#include "sources/xml_look.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace quantconf::sources {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_all_blank(std::string_view text) {
    return std::ranges::all_of(text, is_blank);
}

class XmlLook {
public:
    explicit XmlLook(std::string_view text) : text_{text} {}

    [[nodiscard]] Facts take() {
        facts_.kind = read() ? BodyKind::Xml : BodyKind::Broken;
        return std::move(facts_);
    }

private:
    /// Everything; true if each element closes and nothing stands beside the root.
    bool read() {
        while (at_ < text_.size()) {
            const std::size_t tag = std::min(text_.find('<', at_), text_.size());
            if (!read_text(text_.substr(at_, tag - at_))) {
                return false;
            }
            at_ = tag;
            if (at_ < text_.size() && !read_tag()) {
                return false;
            }
        }
        return has_root_ && open_.empty();
    }

    bool read_text(std::string_view text) {
        if (open_.empty()) {
            return is_all_blank(text);
        }
        if (is_error_ && !is_all_blank(text)) {
            note(open_.size() == 1 ? "message" : ascii_lower(open_.back()), text);
        }
        return true;
    }

    bool skip_to(std::string_view end) {
        const std::size_t found = text_.find(end, at_);
        at_ = found == std::string_view::npos ? text_.size() : found + end.size();
        return found != std::string_view::npos;
    }

    bool read_tag() {
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("<?")) {
            return skip_to("?>");
        }
        if (rest.starts_with("<!--")) {
            return skip_to("-->");
        }
        if (rest.starts_with("<![CDATA[")) {
            return !open_.empty() && skip_to("]]>");
        }
        if (rest.starts_with("<!")) {
            return open_.empty() && !has_root_ && skip_to(">");
        }
        if (rest.starts_with("</")) {
            return read_end();
        }
        return read_begin();
    }

    bool read_end() {
        at_ += 2;
        const std::string_view name = read_name();
        skip_blanks();
        if (open_.empty() || open_.back() != name || !take('>')) {
            return false;
        }
        open_.pop_back();
        return true;
    }

    bool read_begin() {
        ++at_;
        const std::string_view name = read_name();
        if (name.empty() || open_.size() >= kAnswerDepthMax || (open_.empty() && has_root_)) {
            return false;
        }
        if (!has_root_) {
            has_root_ = true;
            facts_.names.push_back(ascii_lower(name.substr(0, kNameBytesMax)));
            is_error_ = facts_.names.front() == "error" || facts_.names.front() == "errors";
        } else {
            facts_.has_children = true;
        }
        open_.push_back(name);
        if (!read_attributes()) {
            return false;
        }
        if (take('/')) {
            open_.pop_back();
        }
        return take('>');
    }

    bool read_attributes() {
        for (skip_blanks(); peek() != '>' && peek() != '/'; skip_blanks()) {
            const std::string_view name = read_name();
            skip_blanks();
            if (name.empty() || !take('=')) {
                return false;
            }
            skip_blanks();
            const char quote = peek();
            if ((quote != '"' && quote != '\'') || !take(quote)) {
                return false;
            }
            const std::size_t begin = at_;
            const std::size_t end = text_.find(quote, at_);
            const std::string_view value = text_.substr(begin, std::min(end, text_.size()) - begin);
            if (is_error_) {
                note(ascii_lower(name.substr(0, kNameBytesMax)), value);
            }
            at_ = std::min(end, text_.size());
            if (!take(quote)) {
                return false;
            }
        }
        return true;
    }

    void note(std::string name, std::string_view text) {
        if (facts_.facts.size() < kFactsMax && words_ < kWordsMax) {
            const std::string_view kept = text.substr(0, kFactTextMax);
            words_ += kept.size();
            const bool is_number = std::ranges::all_of(kept, [](char c) { return c >= '0' && c <= '9'; });
            facts_.facts.push_back({.path = std::move(name),
                                    .text = std::string{kept},
                                    .type = is_number ? Facts::Type::Number : Facts::Type::Text,
                                    .is_words = true});
        }
    }

    std::string_view read_name() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_name_byte(text_[at_])) {
            ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char c) {
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there ? 1U : 0U;
        return is_there;
    }

    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) {
            ++at_;
        }
    }

    static constexpr std::size_t kNameBytesMax = 200;

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::string_view> open_;
    bool has_root_ = false;
    bool is_error_ = false;
    std::size_t words_ = 0;
    Facts facts_;
};

}  // namespace

Facts look_at_xml(std::string_view text) {
    return XmlLook{text}.take();
}

}  // namespace quantconf::sources
