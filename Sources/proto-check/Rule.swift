/// The rules, named as buf names them where it has them.
enum Rule: String, CaseIterable {
  case packageDefined = "PACKAGE_DEFINED"
  case packageDirectoryMatch = "PACKAGE_DIRECTORY_MATCH"
  case packageLowerSnakeCase = "PACKAGE_LOWER_SNAKE_CASE"
  case packageVersionSuffix = "PACKAGE_VERSION_SUFFIX"
  case fileLowerSnakeCase = "FILE_LOWER_SNAKE_CASE"
  case syntaxProto3 = "SYNTAX_PROTO3"
  case importNoPublic = "IMPORT_NO_PUBLIC"
  case importNoWeak = "IMPORT_NO_WEAK"
  case importUsed = "IMPORT_USED"

  case messagePascalCase = "MESSAGE_PASCAL_CASE"
  case fieldLowerSnakeCase = "FIELD_LOWER_SNAKE_CASE"
  case oneofLowerSnakeCase = "ONEOF_LOWER_SNAKE_CASE"
  case enumPascalCase = "ENUM_PASCAL_CASE"
  case enumNoAllowAlias = "ENUM_NO_ALLOW_ALIAS"
  case enumValuePrefix = "ENUM_VALUE_PREFIX"
  case enumValueUpperSnakeCase = "ENUM_VALUE_UPPER_SNAKE_CASE"
  case enumZeroValueSuffix = "ENUM_ZERO_VALUE_SUFFIX"

  case servicePascalCase = "SERVICE_PASCAL_CASE"
  case serviceSuffix = "SERVICE_SUFFIX"
  case rpcPascalCase = "RPC_PASCAL_CASE"
  case rpcRequestStandardName = "RPC_REQUEST_STANDARD_NAME"
  case rpcResponseStandardName = "RPC_RESPONSE_STANDARD_NAME"
  case rpcRequestResponseUnique = "RPC_REQUEST_RESPONSE_UNIQUE"

  case comment = "COMMENT"
  case messageNotRecursive = "MESSAGE_NOT_RECURSIVE"

  case removed = "REMOVED"
  case fieldReserved = "FIELD_RESERVED"
  case fieldSame = "FIELD_SAME"
  case enumValueReserved = "ENUM_VALUE_RESERVED"
  case rpcSame = "RPC_SAME"
}
