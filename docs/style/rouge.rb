# The PDF's colours of code: the pages' light ones.
require 'rouge'

class BookRougeTheme < Rouge::CSSTheme
  name 'book'

  style Text, fg: '#1f2328'
  style Keyword, fg: '#8a2f80'
  style Keyword::Type, Name::Class, Name::Namespace, Name::Exception, Name::Constant, Name::Builtin, fg: '#0b6370'
  style Name::Function, Name::Attribute, fg: '#1f51a8'
  style Str, fg: '#2a6524'
  style Num, fg: '#8f4300'
  style Comment, fg: '#5f6670', italic: true
  style Name::Decorator, fg: '#755400'
  style Generic::Inserted, fg: '#12602a', bg: '#d5efd9'
  style Generic::Deleted, fg: '#96231b', bg: '#fbdcd9'
  style Generic::Heading, Generic::Subheading, fg: '#5a626b'
end
