#include "quantconf/code.hpp"

#include <array>

#include <fmt/format.h>

#include "base/catalogue.hpp"

// The one list of all codes. The switch below does not compile while an enumerator is missing here.
// clang-format off
#define QC_CODES(X) \
    X(NoLayerFound) X(LayerSpelledTwice) X(LayerTooLarge) X(LocalLayerForbidden) X(UnknownEnvironment) \
    X(EnvironmentMismatch) X(EmptyLayer) X(Syntax) X(DuplicateKey) X(KeysDifferInCase) X(KeyNotText) \
    X(KeyCharacters) X(DottedKey) X(TabIndentation) X(InvalidUtf8) X(ControlCharacter) \
    X(InvisibleCharacter) X(SeveralDocuments) X(RootNotMapping) X(TooDeep) X(TooManyNodes) X(AliasBomb) \
    X(AliasInsideItself) X(UndefinedAlias) X(DuplicateAnchor) X(BadMergeKey) X(YamlVersion) X(UnknownTag) \
    X(MisplacedOperator) X(NotJson) X(EscapeInPath) X(LostCommentTail) X(DotenvSyntax) X(WrongType) \
    X(QuotedScalar) X(OutOfRange) X(LeadingZero) X(NotFinite) X(Overflow) X(NotExact) X(MissingUnit) \
    X(UnknownUnit) X(PatternMismatch) X(NotInEnum) X(Length) X(BadUrl) X(BadHost) X(UnknownTimeZone) \
    X(NullNotAllowed) X(EscapedNul) X(BooleanSpelling) X(NumberSpelling) X(WrongShape) X(UnknownKey) \
    X(MissingKey) X(DeprecatedKey) X(AliasConflict) X(ShapeConflict) X(NothingToDelete) \
    X(NothingToRemove) X(EmptyMapChangesNothing) X(DuplicateListKey) X(UnknownVariable) X(VariableCase) \
    X(VariableSetTwice) X(ListGap) X(EmptyVariable) X(KubernetesLink) X(VariableFileUnreadable) \
    X(VariableFileExposed) X(VariableNotUtf8) X(VariableIsSection) X(BadListSyntax) X(BadSecretReference) \
    X(MisplacedSecretReference) X(PlainTextSecret) X(SecretInVariable) X(UnresolvedReference) \
    X(ReferenceCycle) X(BadInterpolation) X(MissingSecret) X(UnreadableSecret) \
    X(SecretNotForEnvironment) X(SecretStoreUnavailable) X(SecretExpired) X(RuleViolated) X(RuleWarning) \
    X(EditOfAlias) X(EditOfAnchor) X(EditOfOperator) X(EditThroughValue) X(EditsContradict) \
    X(EditNotWritable) X(EditRefused) \
    X(LayerVanished) X(ChangeVetoed) X(ChangeShadowed) X(CannotRollBack) \
    X(UnknownSchemaKeyword) X(BadSchema) X(VariableNameCollision) X(TooManyDiagnostics)
// clang-format on

namespace quantconf {
namespace {

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
[[maybe_unused]] constexpr bool is_listed(Code code) {
    switch (code) {
#define QC_CASE(name) case Code::name:
        QC_CODES(QC_CASE)
#undef QC_CASE
        return true;
    }
    return false;
}
#pragma GCC diagnostic pop

#define QC_ITEM(name) Code::name,
constexpr std::array kAllCodes = {QC_CODES(QC_ITEM)};
#undef QC_ITEM

}  // namespace

std::string to_string(Code code) {
    return fmt::format("QC{:04}", static_cast<unsigned>(code));
}

std::span<const Code> all_codes() {
    return kAllCodes;
}

}  // namespace quantconf
