#include <fmt/format.h>

#include "base/utf8.hpp"
#include "format/value_text.hpp"
#include "format/write.hpp"
#include "format/yaml_text.hpp"

namespace quantconf::format {
namespace {

/// Whether a value stands on the lines below its key, and not behind the colon.
bool is_block(const Value& value) {
    return (value.kind() == Value::Kind::Map && !value.members().empty()) ||
           (value.kind() == Value::Kind::List && !value.items().empty());
}

/// "1e+20" is a text in YAML 1.1: its floats need a point.
std::string float_text(const Value& value) {
    std::string text = to_display(value);
    const std::size_t exponent = text.find('e');
    if (exponent != std::string::npos && !text.contains('.')) {
        text.insert(exponent, ".0");
    }
    return text;
}

std::string scalar_text(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Text:
            return yaml_scalar(escape_references(value.as_text()));
        case Value::Kind::Secret:
            return yaml_scalar(shown_secret(value));
        case Value::Kind::Float:
            return float_text(value);
        case Value::Kind::Invalid:
            return "null";
        default:
            return to_display(value);  // "null", numbers with units, "[]" and "{}": plain in every YAML.
    }
}

class YamlWriter {
public:
    explicit YamlWriter(const CommentFor& comment_for) : comment_for_{comment_for} {}

    std::string write(const Value& root) {
        if (root.kind() == Value::Kind::Map && is_block(root)) {
            write_map(root, {}, 0);
        } else if (is_block(root)) {
            write_list(root, {}, 0);
        } else {
            out_ += scalar_text(root) + '\n';
        }
        return std::move(out_);
    }

private:
    void write_map(const Value& map, const std::string& path, std::size_t indentation) {
        for (const Member& member : map.members()) {
            const std::string member_path =
                path.empty() ? std::string{member.name} : fmt::format("{}.{}", path, member.name);
            out_.append(indentation, ' ');
            write_member(member, member_path, indentation);
        }
    }

    /// The indentation of the first line is there already: it may be a list marker.
    void write_member(const Member& member, const std::string& path, std::size_t indentation) {
        out_ += yaml_scalar(member.name) + ":";
        const Value& value = member.value;
        if (!is_block(value)) {
            out_ += " " + scalar_text(value);
            end_line(path, value);
        } else if (value.kind() == Value::Kind::Map) {
            out_ += '\n';
            write_map(value, path, indentation + 2);
        } else {
            end_line(path, value);
            write_list(value, path, indentation + 2);
        }
    }

    void write_list(const Value& list, const std::string& path, std::size_t indentation) {
        std::size_t index = 0;
        for (const Value& item : list.items()) {
            const std::string item_path = fmt::format("{}[{}]", path, index++);
            out_.append(indentation, ' ');
            if (!is_block(item)) {
                out_ += "- " + scalar_text(item) + '\n';
            } else if (item.kind() == Value::Kind::List) {
                out_ += "-\n";
                write_list(item, item_path, indentation + 2);
            } else {
                write_map_item(item, item_path, indentation);
            }
        }
    }

    /// The first key stands behind the marker, the others below it.
    void write_map_item(const Value& map, const std::string& path, std::size_t indentation) {
        std::string_view lead = "- ";
        for (const Member& member : map.members()) {
            if (lead.empty()) {
                out_.append(indentation + 2, ' ');
            }
            out_ += lead;
            lead = {};
            write_member(member, fmt::format("{}.{}", path, member.name), indentation + 2);
        }
    }

    void end_line(std::string_view path, const Value& value) {
        const std::string comment = comment_for_ ? comment_for_(path, value) : std::string{};
        if (!comment.empty()) {
            out_ += "  # " + escaped(comment);
        }
        out_ += '\n';
    }

    const CommentFor& comment_for_;
    std::string out_;
};

}  // namespace

std::string to_yaml(const Value& root, const CommentFor& comment_for) {
    return YamlWriter{comment_for}.write(root);
}

}  // namespace quantconf::format
