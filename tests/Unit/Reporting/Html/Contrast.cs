namespace SchemaIsolation.Tests.Unit.Reporting.Html;

/// <summary>Whether texts can be read where they stand: WCAG 2.1 AA wants 4.5 to 1, and 3 to 1 where they are large.</summary>
internal static class Contrast
{
    /// <summary>A script's expression: the texts that cannot, with what they have; empty when all can.</summary>
    public const string TooLow = """
        (() => {
          const rgb = colour => colour.match(/[\d.]+/g).map(Number);
          const luminance = colour => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
            const part = colour[i] / 255;
            return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
          }, 0);
          const behind = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = rgb(getComputedStyle(at).backgroundColor);
              if (colour.length === 3)
                return colour;
            }
          };
          const low = new Set();
          for (const element of document.body.querySelectorAll('*')) {
            const isText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (!isText || element.closest('script, [hidden], :disabled') || !element.checkVisibility())
              continue;
            const style = getComputedStyle(element), pair = [luminance(rgb(style.color)), luminance(behind(element))].sort((a, b) => b - a);
            const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
            if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
              low.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
          }
          return [...low].join();
        })()
        """;
}
