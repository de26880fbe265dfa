#pragma once

#include <cstdint>
#include <string>

namespace quantconf {

/// What a diagnostic is about. The numbers are part of our interface: they never change their meaning and
/// are never given out twice. docs/errors.md explains each one.
enum class Code : std::uint16_t {
    // Layers and environments.
    NoLayerFound = 1001,
    LayerSpelledTwice = 1002,
    LayerTooLarge = 1003,
    LocalLayerForbidden = 1004,
    UnknownEnvironment = 1005,
    EnvironmentMismatch = 1006,
    EmptyLayer = 1007,

    // Structure of a YAML, JSON or .env text.
    Syntax = 1101,
    DuplicateKey = 1102,
    KeysDifferInCase = 1103,
    KeyNotText = 1104,
    KeyCharacters = 1105,
    DottedKey = 1106,
    TabIndentation = 1107,
    InvalidUtf8 = 1108,
    ControlCharacter = 1109,
    InvisibleCharacter = 1110,
    SeveralDocuments = 1111,
    RootNotMapping = 1112,
    TooDeep = 1113,
    TooManyNodes = 1114,
    AliasBomb = 1115,
    AliasInsideItself = 1116,
    UndefinedAlias = 1117,
    DuplicateAnchor = 1118,
    BadMergeKey = 1119,
    YamlVersion = 1120,
    UnknownTag = 1121,
    MisplacedOperator = 1122,
    NotJson = 1123,
    EscapeInPath = 1124,
    LostCommentTail = 1125,
    DotenvSyntax = 1126,

    // One scalar against its field.
    WrongType = 1201,
    QuotedScalar = 1202,
    OutOfRange = 1203,
    LeadingZero = 1204,
    NotFinite = 1205,
    Overflow = 1206,
    NotExact = 1207,
    MissingUnit = 1208,
    UnknownUnit = 1209,
    PatternMismatch = 1210,
    NotInEnum = 1211,
    Length = 1212,
    BadUrl = 1213,
    BadHost = 1214,
    UnknownTimeZone = 1215,
    NullNotAllowed = 1216,
    EscapedNul = 1217,
    BooleanSpelling = 1218,
    NumberSpelling = 1219,
    WrongShape = 1220,

    // Keys against the schema.
    UnknownKey = 1301,
    MissingKey = 1302,
    DeprecatedKey = 1303,
    AliasConflict = 1304,

    // Layers against each other.
    ShapeConflict = 1401,
    NothingToDelete = 1402,
    NothingToRemove = 1403,
    EmptyMapChangesNothing = 1404,
    DuplicateListKey = 1405,

    // Environment variables and --set.
    UnknownVariable = 1501,
    VariableCase = 1502,
    VariableSetTwice = 1503,
    ListGap = 1504,
    EmptyVariable = 1505,
    KubernetesLink = 1506,
    VariableFileUnreadable = 1507,
    VariableFileExposed = 1508,
    VariableNotUtf8 = 1509,
    VariableIsSection = 1510,
    BadListSyntax = 1511,

    // References.
    BadSecretReference = 1601,
    MisplacedSecretReference = 1602,
    PlainTextSecret = 1603,
    SecretInVariable = 1604,
    UnresolvedReference = 1605,
    ReferenceCycle = 1606,
    BadInterpolation = 1607,
    MissingSecret = 1608,
    UnreadableSecret = 1609,
    SecretNotForEnvironment = 1610,
    SecretStoreUnavailable = 1611,
    SecretExpired = 1612,

    // Rules over several fields or for one environment.
    RuleViolated = 1701,
    RuleWarning = 1702,

    // Edits of a layer file that would need a guess.
    EditOfAlias = 1711,
    EditOfAnchor = 1712,
    EditOfOperator = 1713,
    EditThroughValue = 1714,
    EditsContradict = 1715,
    EditNotWritable = 1716,
    EditRefused = 1717,

    // Changes at run time.
    LayerVanished = 1721,
    ChangeVetoed = 1722,
    ChangeShadowed = 1723,
    CannotRollBack = 1724,

    // Schema files.
    UnknownSchemaKeyword = 1901,
    BadSchema = 1902,
    VariableNameCollision = 1903,
    TooManyDiagnostics = 1999,
};

/// "QC1203".
[[nodiscard]] std::string to_string(Code code);

}  // namespace quantconf
