/** What every export says about itself, as IPTC asks, in a form other programs read. Containers differ, the words do not. */

/** A plate with generated parts: https://cv.iptc.org/newscodes/digitalsourcetype/ */
export const SOURCE_TYPE =
  'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'

/** The statement as an XMP packet; UTF-8 when written. */
export const XMP = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
   xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Understudy" Iptc4xmpExt:DigitalSourceType="${SOURCE_TYPE}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`
