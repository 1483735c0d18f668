package container;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes as docker writes it: 512k, 100m, 1g. */
final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        Matcher size = Pattern.compile("([1-9]\\d{0,9})([bkmgBKMG]?)").matcher(text);
        if (!size.matches()) {
            throw new TypeConversionException("'" + text + "' is no size; write a number and b, k, m or g, as in 100m");
        }
        return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << 10 * ("bkmgBKMG".indexOf(size.group(2)) % 4));
    }
}
