package book;

import org.asciidoctor.ast.Cursor;
import org.asciidoctor.ast.StructuralNode;
import org.asciidoctor.extension.PreprocessorReader;
import org.asciidoctor.jruby.ast.impl.CursorImpl;
import org.asciidoctor.jruby.internal.RubyObjectWrapper;
import org.asciidoctor.log.LogRecord;
import org.asciidoctor.log.Severity;
import org.jruby.runtime.builtin.IRubyObject;

/** Errors with the file and the line of the macro that is being read, which AsciidoctorJ's interface does not tell. */
final class Here {
    private Here() {}

    /** @param parent what a block macro was given */
    static LogRecord error(StructuralNode parent, String message) {
        IRubyObject reader = ((RubyObjectWrapper) parent.getDocument()).getRubyProperty("reader");
        return new LogRecord(Severity.ERROR, cursor(reader, "cursor_at_mark"), message);
    }

    /** @param reader what an include processor was given */
    static LogRecord error(PreprocessorReader reader, String message) {
        IRubyObject ruby = ((RubyObjectWrapper) reader).getRubyObject();
        return new LogRecord(Severity.ERROR, cursor(ruby, "cursor_at_prev_line"), message);
    }

    private static Cursor cursor(IRubyObject reader, String method) {
        return new CursorImpl(reader.callMethod(reader.getRuntime().getCurrentContext(), method));
    }
}
