package book;

import java.io.IOException;
import java.nio.file.Path;
import org.asciidoctor.extension.Name;

/** {@code plot::start[what it shows, in words]}: the first column of what was measured, drawn to scale. */
@Name("plot")
public final class PlotMacro extends PictureMacro {
    @Override
    Picture picture(Path checkout, String name) throws IOException {
        return Plot.of(Measured.read(checkout, name), checkout.resolve("docs/pictures/style.iuml"));
    }
}
