package book;

import org.asciidoctor.Asciidoctor;
import org.asciidoctor.jruby.extension.spi.ExtensionRegistry;

/** What the chapters can say beyond plain AsciiDoc; AsciidoctorJ finds it through its service provider interface. */
public final class Extensions implements ExtensionRegistry {
    @Override
    public void register(Asciidoctor asciidoctor) {
        asciidoctor.javaExtensionRegistry().inlineMacro(ManMacro.class);
        asciidoctor.javaExtensionRegistry().blockMacro(DiffMacro.class);
        asciidoctor.javaExtensionRegistry().blockMacro(TranscriptMacro.class);
        asciidoctor.javaExtensionRegistry().includeProcessor(MemberInclude.class);
        asciidoctor.javaExtensionRegistry().blockMacro(PictureMacro.class).blockMacro(XrayMacro.class);
        asciidoctor.javaExtensionRegistry().blockMacro(CallsMacro.class);
        asciidoctor.javaExtensionRegistry().blockMacro(MeasuredMacro.class).blockMacro(PlotMacro.class);
        asciidoctor.javaExtensionRegistry().treeprocessor(BlockTitles.class);
    }
}
