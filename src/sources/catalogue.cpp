#include "sources/catalogue.hpp"

#include <fmt/format.h>

#include "base/assert.hpp"
#include "sources/read_catalogue.hpp"

namespace quantconf::sources {
namespace {

/// The lists of rules of a catalogue, with whose they are.
template <typename Each>
void for_each_list(std::vector<Rule>& before, std::vector<Source>& sources, std::vector<Rule>& behind,
                   const Each& each) {
    each("before", before);
    for (Source& source : sources) {
        each(source.name, source.rules);
    }
    each("behind", behind);
}

}  // namespace

const Catalogue& Catalogue::built_in() {
    static const Catalogue catalogue = [] {
        Checked<Catalogue> read = read_catalogue({}, {});
        QC_ASSERT(read.has_value());  // A test reads it, too.
        return *std::move(read);
    }();
    return catalogue;
}

Checked<Catalogue> Catalogue::with_overrides(std::string_view text, std::string_view file_name) {
    return read_catalogue(text, file_name);
}

const Source& Catalogue::at(quantbot::Provider provider) const {
    const auto index = static_cast<std::size_t>(provider);
    QC_ASSERT(index < sources_.size());
    return sources_[index];
}

Catalogue Catalogue::without_rule(std::size_t index) const {
    Catalogue result = *this;
    for_each_list(result.before_, result.sources_, result.behind_,
                  [&](std::string_view /*owner*/, std::vector<Rule>& rules) {
                      if (index < rules.size()) {
                          rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(index));
                          index = std::size_t(-1) / 2;  // Done; larger than what is still to come.
                      } else {
                          index -= rules.size();
                      }
                  });
    return result;
}

std::size_t Catalogue::count_rules() const noexcept {
    std::size_t count = before_.size() + behind_.size();
    for (const Source& source : sources_) {
        count += source.rules.size();
    }
    return count;
}

std::string Catalogue::name_of_rule(std::size_t index) const {
    std::string name;
    Catalogue copy = *this;
    for_each_list(copy.before_, copy.sources_, copy.behind_,
                  [&](std::string_view owner, const std::vector<Rule>& rules) {
                      if (name.empty() && index < rules.size()) {
                          name = fmt::format("{}.{}", owner, rules[index].name);
                      }
                      index -= std::min(index, rules.size());
                  });
    return name;
}

}  // namespace quantconf::sources
